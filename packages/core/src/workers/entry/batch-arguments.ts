import { NdArray, viewOf, type NamedTensors } from "../../ndarray/index.js";
import { invariant } from "../../errors/index.js";
import { Params, defaultRegistry } from "../../containers/index.js";
import type { ArgumentLayout, BatchHead, CallLayout } from "../wire/index.js";
import type { BatchRows, RowSource } from "./row-source.js";

/** A batch whose rows are here. */
export interface GatheredBatch {
  /** The arguments of the batch's single method call; its containers must have been imported. */
  params(): Promise<Params>;
  /** The batch has ended: what `params` lie in may be overwritten. */
  release(): void;
}

/** Makes the arguments of batches from rows and payloads, by the layouts that the pool has sent. */
export class BatchArguments<Batch extends BatchHead> {
  readonly #layouts = new Map<number, CallLayout>();

  constructor(private readonly source: RowSource<Batch>) {}

  /** In the turn in which the batch came: the next one may build on what this one tells of layouts and blocks. */
  gather(batch: Batch): GatheredBatch {
    if (batch.newLayout !== undefined) this.#layouts.set(batch.layout, batch.newLayout);
    const layout = this.#layouts.get(batch.layout);
    invariant(layout !== undefined, `worker was never sent layout ${String(batch.layout)}`);
    const rows = this.source.rowsOf(batch, layout);
    return { params: () => paramsOf(rows.payloads, layout, tensorsIn(rows, batch, layout)), release: () => rows.release() };
  }
}

function tensorsIn(rows: BatchRows, { items }: BatchHead, layout: CallLayout): NdArray[] {
  return layout.columns.map(({ dtype, rowShape, batched }, column) => {
    const { memory, offset } = rows.columns[column] as BatchRows["columns"][number];
    const shape = batched ? [items, ...rowShape] : [...rowShape];
    const length = shape.reduce((product, dim) => product * dim, 1);
    return new NdArray(dtype, shape, viewOf(dtype, memory, offset, length));
  });
}

async function paramsOf(payloads: BatchHead["payloads"], layout: CallLayout, tensors: readonly NdArray[]): Promise<Params> {
  const args: unknown[] = [];
  for (const argument of layout.args) args.push(await argumentValue(argument, tensors, payloads));
  const kwargs: Record<string, unknown> = {};
  for (const [name, argument] of layout.kwargs) kwargs[name] = await argumentValue(argument, tensors, payloads);
  return new Params(args, kwargs);
}

function argumentValue(argument: ArgumentLayout, tensors: readonly NdArray[], payloads: BatchHead["payloads"]): unknown {
  switch (argument.kind) {
    case "tensor":
      return tensors[argument.column];
    case "record":
      return Object.fromEntries(argument.names.map((name, index) => [name, tensors[argument.columns[index] as number] as NdArray])) satisfies NamedTensors;
    case "shared": {
      const payload = payloads[argument.slot]?.[0];
      invariant(payload !== undefined, "a shared argument has no payload");
      return defaultRegistry.findByName(payload.container).fromPayload(payload);
    }
    case "joined":
      return joined(payloads[argument.slot] ?? [], argument.container, argument.batchDim);
  }
}

async function joined(payloads: BatchHead["payloads"][number], name: string, batchDim: number): Promise<unknown> {
  const container = defaultRegistry.findByName(name);
  const values: unknown[] = [];
  for (const payload of payloads) values.push(await container.fromPayload(payload));
  return values.length === 1 ? values[0] : container.batchesToBatch(values, batchDim).batch;
}
