import { expect, test } from "vitest";
import type { Payload } from "../../containers/index.js";
import { autoContainer } from "../../containers/index.js";
import type { BatchHead, CallLayout } from "../wire/index.js";
import { BatchArguments } from "./batch-arguments.js";

const layout: CallLayout = { id: 1, columns: [], args: [{ kind: "shared", slot: 0 }], kwargs: [] };

function batch(number: number, value: string, newLayout?: CallLayout): BatchHead {
  const payload = autoContainer.toPayload(value, 0) as Payload;
  return {
    type: "run",
    batch: number,
    method: "m",
    items: 1,
    layout: layout.id,
    newLayout,
    payloads: [[payload]],
    newContainers: undefined,
    requestIds: [],
    traceContexts: [],
    deadline: undefined,
  };
}

test("a batch may build on the layout of the one before, though that still waits for its containers", async () => {
  const batches = new BatchArguments({ rowsOf: ({ payloads }) => ({ columns: [], payloads, release: () => undefined }), owns: () => false });
  const first = batches.gather(batch(1, "one", layout));
  const second = batches.gather(batch(2, "two"));
  expect((await second.params()).args).toEqual(["two"]);
  expect((await first.params()).args).toEqual(["one"]);
});
