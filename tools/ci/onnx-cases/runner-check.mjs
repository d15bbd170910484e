import { NdArray } from "bentoml-core";
import { get, saveModel } from "bentoml-onnx";
import { arrayOf, differenceOf } from "./case-arrays.mjs";

/**
 * @typedef {import("./case-file.mjs").Case} Case
 * @typedef {import("./case-file.mjs").CaseTensor} CaseTensor
 * @typedef {import("./raw-engine.mjs").RawResult} RawResult
 */

/**
 * Saves a case's model, runs it by a runner with a worker, with its inputs by place and by name, and compares the results with
 * those of the engine itself, bit by bit.
 *
 * @param {Case} given
 * @param {RawResult} raw
 * @param {string} tag A new one.
 * @param {import("bentoml-core").ModelStore} store
 * @throws When it is refused, or a result differs.
 */
export async function checkRunner(given, raw, tag, store) {
  const { info } = await saveModel(tag, given.model, { store });
  const runner = get(tag, { store }).toRunner({ workers: 1 });
  try {
    // The types of a model's arguments are those of its tag, which nobody knows here.
    const run = /** @type {(...inputs: unknown[]) => Promise<NdArray | Record<string, NdArray>>} */ (runner.run);
    const arrays = given.inputs.map(arrayOf);
    const names = (info.signatures["run"]?.outputSpec ?? []).map((output) => output.name);
    expectSame(await run(...arrays), raw, names);
    expectSame(await run(Object.fromEntries(arrays.map((array, place) => [raw.names[place], array]))), raw, names);
  } finally {
    await runner.destroy();
    store.delete(tag);
  }
}

/**
 * @param {NdArray | Record<string, NdArray>} result
 * @param {RawResult} raw
 * @param {string[]} names
 */
function expectSame(result, { outputs }, names) {
  const arrays = NdArray.isNdArray(result) ? [result] : names.map((name) => result[name]);
  if (arrays.length !== outputs.length) throw new Error(`it gave ${arrays.length} outputs instead of ${outputs.length}`);
  for (const [place, expected] of outputs.entries()) {
    const array = arrays[place];
    const difference = array === undefined ? "it is missing" : differenceOf(caseTensor(array), expected);
    if (difference !== undefined) throw new Error(`its output "${names[place]}" is not the engine's: ${difference}`);
  }
}

/**
 * @param {NdArray} array
 * @returns {CaseTensor}
 */
function caseTensor({ dtype, shape, data }) {
  if (Array.isArray(data)) return { type: dtype, dims: [...shape], data };
  return { type: dtype, dims: [...shape], data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
