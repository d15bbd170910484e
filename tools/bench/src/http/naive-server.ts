/**
 * What people write who have a model and know Node.js: parse, run the session, answer.
 *
 *     node --import tsx naive-server.ts <model.onnx>
 */
import * as ort from "onnxruntime-node";
import { inferAnswer } from "./json-request.js";
import { listenForJson } from "./json-endpoint.js";

const [modelPath = ""] = process.argv.slice(2);
const session = await ort.InferenceSession.create(modelPath);

listenForJson(async ({ inputs: [input] }) => {
  if (input === undefined) throw new Error("There is no input.");
  const results = await session.run({ [input.name]: new ort.Tensor("float32", Float32Array.from(input.data), input.shape) });
  const { y } = results;
  if (!(y?.data instanceof Float32Array)) throw new Error("There is no output y.");
  return inferAnswer(y.dims, Array.from(y.data));
});
