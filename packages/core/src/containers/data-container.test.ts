import { expect, test } from "vitest";
import { DataContainerBase, type JoinedBatch, type Payload } from "./index.js";

/** A container of text whose split trusts its indices, and that sends and reads asynchronously. */
class TextContainer extends DataContainerBase<string> {
  readonly name = "TextContainer";

  getBatchSize(batch: string): number {
    return batch.length;
  }

  batchesToBatch(batches: readonly string[]): JoinedBatch<string> {
    const indices = [0];
    for (const text of batches) indices.push((indices.at(-1) as number) + text.length);
    return { batch: batches.join(""), indices };
  }

  batchToBatches(batch: string, indices: readonly number[]): string[] {
    return indices.slice(1).map((end, part) => batch.slice(indices[part], end));
  }

  toPayload(batch: string): Promise<Payload> {
    return Promise.resolve({ container: this.name, meta: { text: batch }, batchSize: batch.length, buffers: [] });
  }

  fromPayload({ meta }: Payload): Promise<string> {
    return Promise.resolve(meta["text"] as string);
  }
}

const container = new TextContainer();

test("the base class derives both methods on many payloads, also for an asynchronous container", async () => {
  const payloads = await container.batchToPayloads("abcde", [0, 2, 2, 5], 0);
  expect(payloads.map(({ meta, batchSize }) => [meta["text"], batchSize])).toEqual([["ab", 2], ["", 0], ["cde", 3]]);
  expect(await container.fromBatchPayloads(payloads, 0)).toEqual({ batch: "abcde", indices: [0, 2, 2, 5] });
});

test("the base class refuses a wrong total even where the container does not look", async () => {
  await expect(container.batchToPayloads("abcde", [0, 2, 4], 0)).rejects.toThrow(/size that is split, 5, but is 4/);
  await expect(container.batchToPayloads("abcde", [0, 2, 9], 0)).rejects.toThrow(/size that is split, 5, but is 9/);
});
