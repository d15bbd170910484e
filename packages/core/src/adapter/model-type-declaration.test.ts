import { expect, test } from "vitest";
import { declareModelTypes } from "./index.js";

const info = { name: "m", version: "1" };
const x = { name: "x", dtype: "float32" };

test("a model's types are declared for each way to name it", () => {
  expect(declareModelTypes({ adapter: "bentoml-mine", inputs: [x], outputs: [] }, info)).toBe(`declare module "bentoml-mine" {
  interface Models {
    "m": { inputs: { "x": "float32" }; outputs: {} };
    "m:latest": { inputs: { "x": "float32" }; outputs: {} };
    "m:1": { inputs: { "x": "float32" }; outputs: {} };
  }
}
`);
});

test("several inputs have an order, and names stay strings", () => {
  const inputs = [x, { name: 'y"; evil: "', dtype: "int64" }];
  expect(declareModelTypes({ adapter: "a", inputs, outputs: [x] }, info, ["t"])).toContain(
    '    "t": { inputs: { "x": "float32"; "y\\"; evil: \\"": "int64" }; inputOrder: ["x", "y\\"; evil: \\""]; outputs: { "x": "float32" } };\n',
  );
});
