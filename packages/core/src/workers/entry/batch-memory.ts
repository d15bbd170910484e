import { NdArray, viewOf, type NamedTensors } from "../../ndarray/index.js";
import { invariant } from "../../errors/index.js";
import { Params, defaultRegistry } from "../../containers/index.js";
import { columnOffsets, type ArgumentLayout, type CallLayout, type RunBatch, type SharedBlock } from "../wire/index.js";

/** Memory of the scratch block grows in powers of two from here, so that batch sizes that vary do not allocate each time. */
const LEAST_ROWS = 8;

/**
 * A worker's side of the staged rows: gathers the rows of a batch from shared memory into one warm block of its own. The
 * engine cannot take shared memory, and the copy here costs the caller's thread nothing. Owns the block, which the next batch
 * of the same layout overwrites.
 */
export class BatchMemory {
  readonly #layouts = new Map<number, CallLayout>();
  readonly #blocks = new Map<number, SharedBlock>();
  readonly #scratch = new Map<number, { readonly capacity: number; readonly memory: ArrayBuffer }>();

  /** True for memory that the next batch will overwrite; a result that lies in it must be copied. */
  owns(memory: ArrayBufferLike): boolean {
    for (const scratch of this.#scratch.values()) if (scratch.memory === memory) return true;
    return false;
  }

  /** The arguments of the batch's single method call. */
  async arguments(message: RunBatch): Promise<Params> {
    for (const id of message.droppedBlocks) this.#blocks.delete(id);
    for (const block of message.newBlocks) this.#blocks.set(block.id, block);
    if (message.newLayout !== undefined) this.#layouts.set(message.layout, message.newLayout);
    const layout = this.#layouts.get(message.layout);
    invariant(layout !== undefined, `worker was never sent layout ${String(message.layout)}`);
    const tensors = this.#gather(layout, message);
    const make = (argument: ArgumentLayout): unknown => argumentValue(argument, tensors, message);
    const args: unknown[] = [];
    for (const argument of layout.args) args.push(await make(argument));
    const kwargs: Record<string, unknown> = {};
    for (const [name, argument] of layout.kwargs) kwargs[name] = await make(argument);
    return new Params(args, kwargs);
  }

  #gather(layout: CallLayout, { segments, items }: RunBatch): NdArray[] {
    if (layout.columns.length === 0) return [];
    const { capacity, memory } = this.#scratchFor(layout, items);
    const { offsets } = columnOffsets(layout.columns, capacity);
    let row = 0;
    for (let index = 0; index < segments.length; index += 3) {
      const block = this.#blocks.get(segments[index] as number);
      invariant(block !== undefined, `worker was never sent block ${String(segments[index])}`);
      const from = columnOffsets(layout.columns, block.capacity).offsets;
      const first = segments[index + 1] as number;
      const count = segments[index + 2] as number;
      for (const [column, { rowBytes }] of layout.columns.entries()) {
        const source = new Uint8Array(block.memory, (from[column] as number) + first * rowBytes, count * rowBytes);
        new Uint8Array(memory, (offsets[column] as number) + row * rowBytes, count * rowBytes).set(source);
      }
      row += count;
    }
    return layout.columns.map(({ dtype, rowShape, batched }, column) => {
      const shape = batched ? [items, ...rowShape] : [...rowShape];
      const length = shape.reduce((product, dim) => product * dim, 1);
      return new NdArray(dtype, shape, viewOf(dtype, memory, offsets[column] as number, length));
    });
  }

  #scratchFor(layout: CallLayout, items: number): { readonly capacity: number; readonly memory: ArrayBuffer } {
    const known = this.#scratch.get(layout.id);
    if (known !== undefined && known.capacity >= items && known.memory.byteLength > 0) return known;
    const capacity = layout.columns.some((column) => column.batched) ? powerOfTwoAtLeast(items) : 1;
    const made = { capacity, memory: new ArrayBuffer(columnOffsets(layout.columns, capacity).bytes) };
    // One layout at a time keeps its memory: a stream of odd shapes must not pile up blocks.
    this.#scratch.clear();
    this.#scratch.set(layout.id, made);
    return made;
  }
}

function powerOfTwoAtLeast(rows: number): number {
  let capacity = LEAST_ROWS;
  while (capacity < rows) capacity *= 2;
  return capacity;
}

function argumentValue(argument: ArgumentLayout, tensors: readonly NdArray[], message: RunBatch): unknown {
  switch (argument.kind) {
    case "tensor":
      return tensors[argument.column];
    case "record":
      return Object.fromEntries(argument.names.map((name, index) => [name, tensors[argument.columns[index] as number] as NdArray])) satisfies NamedTensors;
    case "shared": {
      const payload = message.payloads[argument.slot]?.[0];
      invariant(payload !== undefined, "a shared argument has no payload");
      return defaultRegistry.findByName(payload.container).fromPayload(payload);
    }
    case "joined":
      return joined(message, argument.slot, argument.batchDim);
  }
}

async function joined(message: RunBatch, slot: number, batchDim: number): Promise<unknown> {
  const payloads = message.payloads[slot] ?? [];
  const first = payloads[0];
  invariant(first !== undefined, "a joined argument has no payload");
  const container = defaultRegistry.findByName(first.container);
  const values: unknown[] = [];
  for (const payload of payloads) values.push(await container.fromPayload(payload));
  return values.length === 1 ? values[0] : container.batchesToBatch(values, batchDim).batch;
}
