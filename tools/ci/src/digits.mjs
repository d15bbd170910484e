import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./repository.mjs";

/** The model that the checks serve: "image" float32 [batch, 1, 8, 8] to "probabilities" float32 [batch, 10]. */
export const digitsModel = join(repository, "tools", "digits", "model", "digits.onnx");

/** Digits that the model was not trained on: 64 pixels and the digit itself in each line. */
export const heldOutDigits = join(repository, "tools", "digits", "data", "held-out.csv");

/**
 * Asks a server for the first digits of the held-out ones.
 *
 * @param {string} url The server's.
 * @param {string} model The name it is served by.
 * @throws When the answer is no answer, or more than one of the ten digits is wrong.
 */
export async function checkDigits(url, model) {
  const lines = (await readFile(heldOutDigits, "utf8")).trim().split("\n").slice(0, 10);
  const rows = lines.map((line) => line.split(",").map(Number));
  const data = rows.flatMap((row) => row.slice(0, 64));
  const inputs = [{ name: "image", datatype: "FP32", shape: [rows.length, 1, 8, 8], data }];
  const response = await fetch(`${url}/v2/models/${model}/infer`, { method: "POST", body: JSON.stringify({ inputs }) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`The infer request was answered with ${response.status}: ${text}`);
  const [output] = JSON.parse(text).outputs;
  const right = rows.filter((row, index) => {
    const probabilities = output.data.slice(index * 10, (index + 1) * 10);
    return probabilities.indexOf(Math.max(...probabilities)) === row[64];
  });
  if (right.length < rows.length - 1) throw new Error(`Only ${right.length} of ${rows.length} digits were right: ${text}`);
}
