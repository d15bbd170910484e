/**
 * The most that one thread of `node:http` can do with these requests and answers, as no model is run.
 *
 *     node --import tsx echo-server.ts <output size>
 */
import { inferAnswer } from "./json-request.js";
import { listenForJson } from "./json-endpoint.js";

const [outputSize = "1"] = process.argv.slice(2);
// Digits as many as a model's float32 have.
const output = Array.from({ length: Number(outputSize) }, (_, index) => Math.fround(1 / (index + 3)));

listenForJson(({ inputs }) => {
  if (inputs[0] === undefined) throw new Error("There is no input.");
  return inferAnswer([1, output.length], output);
});
