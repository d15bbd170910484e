import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { bigTable, bigTableWeights } from "./big-table.js";

it("gives rows of the table in the file beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "big-table-"));
  writeFileSync(join(folder, "model.onnx"), bigTable({ rows: 3, columns: 2 }));
  writeFileSync(join(folder, bigTableWeights), new Uint8Array(Float32Array.of(0, 1, 10, 11, 20, 21).buffer));
  const session = await ort.InferenceSession.create(join(folder, "model.onnx"));
  const { row } = await session.run({ id: new ort.Tensor("int64", [2n, 0n], [2]) });
  expect(row).toMatchObject({ dims: [2, 2], data: Float32Array.of(20, 21, 0, 1) });
  rmSync(folder, { recursive: true });
});
