import { defaultRegistry, splitPayload, type Payload } from "../containers/index.js";
import type { StagedArguments } from "../workers/index.js";
import type { CallDoor } from "./call-door.js";
import type { MethodSpec } from "./method-spec.js";
import type { PoolStream } from "./pool-stream.js";
import type { CallOptions } from "./runner-handle.js";

/** Rows of a call or of a part of an oversize one, and its payloads. */
export interface CallPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly payloads: readonly Payload[];
  readonly stream?: PoolStream;
}

/** Runs a call of more items than a batch takes as several, and joins their answers. When one fails the others are given up. */
export async function runOversize(door: CallDoor, method: MethodSpec, staged: StagedArguments, options: CallOptions, release: () => void): Promise<unknown> {
  const giveUp = new AbortController();
  const signal = options.signal === undefined ? giveUp.signal : AbortSignal.any([options.signal, giveUp.signal]);
  options.giveUpBy?.((reason) => giveUp.abort(reason));
  let left = 1;
  const settled = (): void => {
    if (--left === 0) release();
  };
  try {
    const parts = await cutIntoParts(staged, method.maxBatchSize);
    // The caller may have left meanwhile: a signal tells of that only once.
    signal.throwIfAborted();
    left += parts.length;
    const answers = parts.map((part) => door.enter(method, staged, part, { ...options, giveUpBy: undefined, shareResults: false, signal }, settled));
    return joinAnswers(await Promise.all(answers), method.batchDim[1]);
  } catch (error) {
    giveUp.abort(error);
    throw error;
  } finally {
    settled();
  }
}

/** Cuts a call of more items than a batch takes into parts. Its rows stay where they are; values that are no rows are split by their container. */
export function cutIntoParts(staged: StagedArguments, maxBatchSize: number): readonly CallPart[] | Promise<readonly CallPart[]> {
  const indices: number[] = [];
  for (let start = 0; start < staged.items; start += maxBatchSize) indices.push(start);
  indices.push(staged.items);
  const bySlot: (readonly Payload[] | Promise<readonly Payload[]>)[] = [];
  for (const argument of [...staged.layout.args, ...staged.layout.kwargs.map(([, layout]) => layout)]) {
    if (argument.kind === "tensor" || argument.kind === "record") continue;
    const payload = staged.payloads[argument.slot] as Payload;
    if (argument.kind === "shared") bySlot.push(indices.slice(1).map(() => payload));
    else bySlot.push(splitPayload(payload, indices, argument.batchDim, defaultRegistry));
  }
  const ready = allOf(bySlot);
  return ready instanceof Promise ? ready.then((slots) => partsOf(staged, indices, slots)) : partsOf(staged, indices, ready);
}

function partsOf(staged: StagedArguments, indices: readonly number[], bySlot: readonly (readonly Payload[])[]): readonly CallPart[] {
  return indices.slice(1).map((end, part) => ({
    firstRow: staged.firstRow + (indices[part] as number),
    rows: end - (indices[part] as number),
    payloads: bySlot.map((payloads) => payloads[part] as Payload),
  }));
}

/** The values at once, unless one of them has to be waited for. */
function allOf<Value>(values: readonly (Value | Promise<Value>)[]): readonly Value[] | Promise<readonly Value[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly Value[]);
}

/** The answers of the parts as the answer of the whole call. */
export function joinAnswers(answers: readonly unknown[], batchDim: number): unknown {
  return defaultRegistry.containerOf(answers[0]).batchesToBatch(answers, batchDim).batch;
}
