import { defaultRegistry, type Payload } from "../containers/index.js";
import type { StagedArguments } from "../workers/index.js";

/** Rows of a part of an oversize call, and its payloads. */
export interface CallPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly payloads: readonly Payload[];
}

/** Cuts a call of more items than a batch takes into parts. Its rows stay where they are; values that are no rows are split by their container. */
export async function cutIntoParts(staged: StagedArguments, maxBatchSize: number): Promise<CallPart[]> {
  const indices: number[] = [];
  for (let start = 0; start < staged.items; start += maxBatchSize) indices.push(start);
  indices.push(staged.items);
  const bySlot: (readonly Payload[])[] = [];
  for (const argument of [...staged.layout.args, ...staged.layout.kwargs.map(([, layout]) => layout)]) {
    if (argument.kind === "tensor" || argument.kind === "record") continue;
    const payload = staged.payloads[argument.slot] as Payload;
    if (argument.kind === "shared") bySlot.push(indices.slice(1).map(() => payload));
    else bySlot.push(await splitPayload(payload, indices, argument.batchDim));
  }
  return indices.slice(1).map((end, part) => ({
    firstRow: staged.firstRow + (indices[part] as number),
    rows: end - (indices[part] as number),
    payloads: bySlot.map((payloads) => payloads[part] as Payload),
  }));
}

async function splitPayload(payload: Payload, indices: readonly number[], batchDim: number): Promise<readonly Payload[]> {
  const container = defaultRegistry.findByName(payload.container);
  return container.batchToPayloads(await container.fromPayload(payload), indices, batchDim);
}

/** The answers of the parts as the answer of the whole call. */
export function joinAnswers(answers: readonly unknown[], batchDim: number): unknown {
  return defaultRegistry.containerOf(answers[0]).batchesToBatch(answers, batchDim).batch;
}
