import { addSub, identity } from "@bentoml-tools/onnx-models";
import type { ModelInfo } from "bentoml-core";
import { expect, test } from "vitest";
import { modelTypeDeclaration, saveModel } from "./index.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

test("names the inputs and outputs of each tag", async () => {
  const { info } = await saveModel("digits:v1", identity("float32"), { store: temporary.store });
  expect(modelTypeDeclaration(info)).toBe(`declare module "bentoml-onnx" {
  interface Models {
    "digits": { inputs: { "x": "float32" }; outputs: { "y": "float32" } };
    "digits:latest": { inputs: { "x": "float32" }; outputs: { "y": "float32" } };
    "digits:v1": { inputs: { "x": "float32" }; outputs: { "y": "float32" } };
  }
}
`);
});

test("several inputs have an order", async () => {
  const { info } = await saveModel("m:1", addSub(), { store: temporary.store, outputs: ["sum"] });
  expect(modelTypeDeclaration(info, ["m:1"])).toContain(
    '"m:1": { inputs: { "a": "float32"; "b": "float32" }; inputOrder: ["a", "b"]; outputs: { "sum": "float32" } };',
  );
});

test("models of Python are read too; what cannot be named is left out", async () => {
  const { info } = await saveModel("m:1", identity("int64"), { store: temporary.store });
  const fromPython: ModelInfo = { ...info, signatures: { run: { batchable: false, batchDim: [0, 0] } } };
  expect(modelTypeDeclaration(fromPython, ["m"])).toContain('"m": { inputs: { "x": "int64" }; outputs: { "y": "int64" } };');
  expect(modelTypeDeclaration({ ...fromPython, options: {} })).toBe("");
});

test("a name from a model's file stays a string", async () => {
  const { info } = await saveModel("m:1", identity("float32"), { store: temporary.store });
  const inputSpec = [{ name: 'x"; evil: "', dtype: "float32", shape: [1] }] as const;
  const run = { ...info.signatures["run"], batchable: false, batchDim: [0, 0], inputSpec } as const;
  expect(modelTypeDeclaration({ ...info, signatures: { run } }, ["m"])).toContain('"x\\"; evil: \\"": "float32"');
});
