import { expect, test } from "vitest";
import { InvalidArgumentError, NotFoundError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { defaultRegistry as registry, PayloadContainer, type Payload } from "./index.js";
import { SlowList, slowListRegistry } from "./slow-list.testing.js";

const container = new PayloadContainer(registry);
const payload = (value: unknown): Payload => registry.containerOf(value).toPayload(value, 0) as Payload;

test("payloads are joined and split by their own container", () => {
  const parts = [payload(NdArray.from([[1, 2]])), payload(NdArray.from([[3, 4], [5, 6]]))];
  const { batch, indices } = container.batchesToBatch(parts, 0);
  expect(batch).toEqual(payload(NdArray.from([[1, 2], [3, 4], [5, 6]])));
  expect(indices).toEqual([0, 1, 3]);
  expect(container.batchToBatches(batch, indices, 0)).toEqual(parts);
  expect(container.getBatchSize(batch)).toBe(3);
});

test("D7b: payloads of different containers are not read by the first one's", async () => {
  const mixed = [payload(NdArray.from([1])), payload([1])];
  expect(() => container.batchesToBatch(mixed, 0)).toThrow(/different containers cannot be joined: NdArrayContainer and DefaultContainer/);
  await expect(container.fromBatchPayloads(mixed, 0)).rejects.toThrow(/different containers/);
  expect(() => container.batchesToBatch([], 0)).toThrow(/no payloads/);
});

test("a wrong total and an unknown container are errors", async () => {
  const batch = payload(NdArray.from([1, 2, 3]));
  expect(() => container.batchToBatches(batch, [0, 2], 0)).toThrow(/size that is split, 3, but is 2/);
  await expect(container.batchToPayloads(batch, [0, 4], 0)).rejects.toThrow(/size that is split, 3, but is 4/);
  expect(() => container.batchToBatches({ ...batch, container: "Nowhere" }, [0, 3], 0)).toThrow(NotFoundError);
});

test("a container that has to wait is waited for where that is possible, and refused otherwise", async () => {
  const slow = slowListRegistry();
  const container = new PayloadContainer(slow);
  const parts: Payload[] = [];
  for (const items of [["a"], ["b", "c"]]) {
    const list = new SlowList(items);
    parts.push(await slow.containerOf(list).toPayload(list, 0));
  }
  const { batch, indices } = await container.fromBatchPayloads(parts, 0);
  expect([batch.meta, indices]).toEqual([{ items: ["a", "b", "c"] }, [0, 1, 3]]);
  expect(await container.batchToPayloads(batch, indices, 0)).toEqual(parts);
  expect(() => container.batchesToBatch(parts, 0)).toThrow(/SlowListContainer\.fromPayload\(\) is asynchronous.*fromBatchPayloads and batchToPayloads/);
});

test("no payload holds a payload", () => {
  expect(() => container.toPayload(payload(1))).toThrow(InvalidArgumentError);
  expect(() => container.toPayload(payload(1))).toThrow(/of DefaultContainer\) is no value to be sent/);
  expect(() => container.fromPayload()).toThrow(/No payload holds a payload/);
});
