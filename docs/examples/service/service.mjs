/**
 * A service of two runners: one makes tensors of images, the other reads digits from them.
 *
 *     node docs/examples/service/save-models.mjs
 *     npx bentoml serve docs/examples/service/service.mjs      # or: node docs/examples/service/serve.mjs [port]
 */
import { NdArray } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import { Service, io } from "bentoml-server";
import * as images from "bentoml-sharp-images";
import { z } from "zod";

const pixels = images.get("digit-image:latest").toRunner();
const digits = onnx.get("digits:latest").toRunner();

export const svc = new Service("digit-reader", { runners: [pixels, digits], version: "1.0.0", doc: "Reads digits from images, pixels and tables." });

/** @param {NdArray} probabilities one row for each digit */
const bestOf = (probabilities) => probabilities.toNested().map((row) => row.indexOf(Math.max(...row)));

/** The runners' calls end with the request: when the client goes, when its time is over. */
async function probabilitiesOf(image, { callOptions }) {
  return digits.run.with(callOptions)(await pixels.preprocess.with(callOptions)(image));
}

svc.api("classify", { input: io.image(), output: io.json(), doc: "The digit in a picture." }, async (image, context) => {
  const probabilities = await probabilitiesOf(image, context);
  return { digit: bestOf(probabilities)[0], probabilities: probabilities.toNested()[0] };
});

svc.api("probabilities", { input: io.ndarray({ dtype: "float32", shape: [-1, 1, 8, 8] }), output: io.ndarray({ shape: [-1, 10] }) }, (rows, { callOptions }) => digits.run.with(callOptions)(rows));

/** Pixels p0 to p63 of each digit, from 0 (paper) to 16 (ink). */
const columns = Object.fromEntries(Array.from({ length: 64 }, (_, place) => [`p${place}`, "number"]));

svc.api("classify_table", { input: io.dataframe({ columns }), output: io.series({ kind: "integer" }), route: "/v1/table" }, async (table, { callOptions }) => {
  const lists = Object.values(table);
  const rows = lists[0].map((_, row) => [lists.map((list) => list[row] ?? 0)]);
  const pixelRows = NdArray.from(rows, "float32").reshape([-1, 1, 8, 8]);
  return bestOf(await digits.run.with(callOptions)(pixelRows));
});

const Sum = z.object({ expected: z.number().int().min(0).max(18) });

svc.api("check_sum", { input: io.multipart({ left: io.image(), right: io.image(), sum: io.json(Sum) }), output: io.json(), doc: "Whether two digits have the sum that is expected." }, async (form, context) => {
  const read = await Promise.all([form.left, form.right].map((image) => probabilitiesOf(image, context)));
  const [left, right] = read.map((probabilities) => bestOf(probabilities)[0]);
  return { left, right, isRight: left + right === form.sum.expected };
});

svc.api("describe", { input: io.text({ example: "7" }), output: io.text(), doc: "What a digit is called." }, (text, { response }) => {
  const names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  const name = names[Number.parseInt(text.trim(), 10)];
  response.status = name === undefined ? 404 : 200;
  return name ?? "no digit";
});

svc.api("read_each", { input: io.ndarray({ dtype: "float32", shape: [-1, 1, 8, 8] }), output: io.stream(io.json()), doc: "One event for each digit, as soon as it is read." }, async function* (rows, context) {
  for (let row = 0; row < rows.shape[0]; row++) {
    const probabilities = await digits.run.with(context.callOptions)(rows.slice(0, row, row + 1));
    yield { row, digit: bestOf(probabilities)[0] };
  }
});

// A plugin of Fastify, behind the same access, limits and metrics.
svc.mount("/about", async (app) => {
  app.get("/", () => ({ service: svc.name, version: svc.version }));
});
