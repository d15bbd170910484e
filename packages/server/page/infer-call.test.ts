import { expect, test } from "vitest";
import { encodeHalves } from "./half-floats.js";
import { inferRequest, readOutputs } from "./infer-call.js";

const whole = { name: "n", datatype: "INT32", shape: [1], data: [7] };
const half = { name: "h", datatype: "FP16", shape: [2], data: [0.5, -2] };

test("what JSON can carry goes as JSON", () => {
  expect(inferRequest([whole], [{ ...whole, shape: [-1] }])).toEqual({ headers: { "Content-Type": "application/json" }, body: JSON.stringify({ inputs: [whole] }) });
});

test("floats of 16 bits go as bytes behind the JSON part, and are asked for so", async () => {
  const { headers, body } = inferRequest([half, whole], [half, whole]);
  const bytes = new Uint8Array(await (body as Blob).arrayBuffer());
  const jsonLength = Number(headers["Inference-Header-Content-Length"]);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(0, jsonLength)))).toEqual({
    inputs: [{ name: "h", datatype: "FP16", shape: [2], parameters: { binary_data_size: 4 } }, whole],
    outputs: [{ name: "h", parameters: { binary_data: true } }, { name: "n", parameters: { binary_data: false } }],
  });
  expect(bytes.subarray(jsonLength)).toEqual(encodeHalves(half.data, "FP16"));
});

test("an answer of both kinds is read", () => {
  const json = new TextEncoder().encode(JSON.stringify({ outputs: [{ ...half, data: undefined, parameters: { binary_data_size: 4 } }, whole] }));
  const bytes = new Uint8Array([...json, ...encodeHalves(half.data, "FP16")]);
  expect(readOutputs({ bytes, jsonLength: json.length }).outputs).toEqual([half, whole]);
  expect(readOutputs({ bytes: new TextEncoder().encode(JSON.stringify({ outputs: [whole] })), jsonLength: undefined }).outputs).toEqual([whole]);
});
