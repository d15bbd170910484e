import type { CallLayout, RunBatch, SharedBlock } from "../wire/index.js";
import { defaultRegistry } from "../../containers/index.js";
import type { Job } from "./job.js";

/** What a worker has been told once and remembers: layouts, blocks of rows, where containers are. */
export class WorkerKnowledge {
  readonly #layouts = new Set<number>();
  readonly #blocks = new Set<number>();
  #droppedBlocks: number[] = [];
  /** Containers with a module that the worker has been told of: the first so many of the registry's. */
  #containers = 0;

  /** The job as a message, with what the worker does not know yet; it counts as known from now on. */
  messageOf(batch: number, { message, describeLayout, blocks }: Job): RunBatch {
    const droppedBlocks = this.#droppedBlocks;
    this.#droppedBlocks = [];
    return {
      type: "run",
      batch,
      ...message,
      newLayout: this.#newLayout(message.layout, describeLayout),
      newBlocks: this.#newBlocks(blocks),
      droppedBlocks,
      newContainers: this.#newContainers(),
    };
  }

  /** A block is no more: the worker must let go of its memory with the next batch. */
  dropBlock(id: number): void {
    if (this.#blocks.delete(id)) this.#droppedBlocks.push(id);
  }

  #newLayout(id: number, describe: () => CallLayout): CallLayout | undefined {
    if (this.#layouts.has(id)) return undefined;
    this.#layouts.add(id);
    return describe();
  }

  #newBlocks(blocks: readonly SharedBlock[]): readonly SharedBlock[] {
    const added = blocks.filter(({ id }) => !this.#blocks.has(id));
    for (const { id } of added) this.#blocks.add(id);
    // Without what else a block is on this side.
    return added.map(({ id, capacity, memory }) => ({ id, capacity, memory }));
  }

  #newContainers(): RunBatch["newContainers"] {
    const { modules } = defaultRegistry;
    if (modules.length === this.#containers) return undefined;
    const added = modules.slice(this.#containers);
    this.#containers = modules.length;
    return added;
  }
}
