import type { ModelInfo } from "bentoml-core";
import { beforeAll, expect, test } from "vitest";
import { modelTypeDeclaration, saveModel } from "./index.js";
import { linear, sumAndProduct, useCpu } from "./testing/models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

beforeAll(useCpu);

test("names the inputs and outputs of each tag", async () => {
  const { info } = await saveModel("flowers:v1", linear(), { store: temporary.store });
  expect(modelTypeDeclaration(info)).toBe(`declare module "bentoml-tfjs" {
  interface Models {
    "flowers": { inputs: { "x": "float32" }; outputs: { "dense": "float32" } };
    "flowers:latest": { inputs: { "x": "float32" }; outputs: { "dense": "float32" } };
    "flowers:v1": { inputs: { "x": "float32" }; outputs: { "dense": "float32" } };
  }
}
`);
});

test("several inputs have an order", async () => {
  const { info } = await saveModel("m:1", sumAndProduct(), { store: temporary.store });
  const type = '{ inputs: { "a": "float32"; "b": "float32" }; inputOrder: ["a", "b"]; outputs: { "sum": "float32"; "product": "float32" } }';
  expect(modelTypeDeclaration(info, ["m:1"])).toContain(`"m:1": ${type};`);
});

test("results are of the dtypes that tensors have; names stay strings; what is not known is left out", async () => {
  const { info } = await saveModel("m:1", linear(), { store: temporary.store });
  const inputSpec = [{ name: 'x"; evil: "', dtype: "int64", shape: [1] }] as const;
  const outputSpec = (["int64", "uint8", "bool"] as const).map((dtype) => ({ name: dtype, dtype, shape: [1] }));
  const changed = (run: ModelInfo["signatures"][string]): ModelInfo => ({ ...info, signatures: { run } });
  const batching = { batchable: false, batchDim: [0, 0] } as const;
  expect(modelTypeDeclaration(changed({ ...batching, inputSpec, outputSpec }), ["m"])).toContain(
    '"m": { inputs: { "x\\"; evil: \\"": "int64" }; outputs: { "int64": "int32"; "uint8": "int32"; "bool": "bool" } };',
  );
  expect(modelTypeDeclaration(changed({ ...batching, inputSpec }))).toBe("");
  expect(modelTypeDeclaration({ ...info, signatures: {} })).toBe("");
});
