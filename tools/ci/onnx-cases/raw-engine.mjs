import { InferenceSession, Tensor } from "onnxruntime-node";
import { distanceOf, elementsOf } from "./case-arrays.mjs";

/**
 * @typedef {import("./case-file.mjs").Case} Case
 * @typedef {import("./case-file.mjs").CaseTensor} CaseTensor
 */

/**
 * What the engine itself makes of a case.
 *
 * @typedef {object} RawResult
 * @property {string[]} names Of the inputs that were given, in order.
 * @property {CaseTensor[]} outputs
 */

/**
 * Runs a case by the engine alone.
 *
 * @param {Case} given
 * @returns {Promise<RawResult>}
 * @throws When the engine cannot run it, or its result is not the case's.
 */
export async function runRaw(given) {
  if (given.unsupported !== undefined) throw new Error(`it has a value that is no tensor (${given.unsupported})`);
  const session = await InferenceSession.create(given.model, { logSeverityLevel: 4 });
  try {
    expectReturnable(session);
    const names = session.inputNames.slice(0, given.inputs.length);
    const feeds = Object.fromEntries(given.inputs.map((input, place) => [names[place] ?? "", engineTensor(input)]));
    const results = await session.run(feeds, { logSeverityLevel: 4 });
    const outputs = session.outputNames.map((name) => caseTensor(/** @type {Tensor} */ (results[name])));
    expectReference(given, outputs);
    return { names, outputs };
  } finally {
    await session.release();
  }
}

/**
 * @param {Case} given
 * @param {CaseTensor[]} outputs
 */
function expectReference(given, outputs) {
  for (const [place, reference] of given.outputs.entries()) {
    const actual = outputs[place];
    const distance = actual === undefined ? "it is missing" : distanceOf(actual, reference, given);
    if (distance !== undefined) throw new Error(`its output is not the reference's: ${distance}`);
  }
}

/**
 * onnxruntime-node 1.30 ends the process when an output has elements of four bits.
 *
 * @param {InferenceSession} session
 */
function expectReturnable(session) {
  for (const value of session.outputMetadata) {
    if (value.isTensor && /^u?int4$/.test(value.type)) throw new Error(`an output of ${value.type} would end the process`);
  }
}

/** @param {CaseTensor} tensor */
function engineTensor(tensor) {
  return new Tensor(/** @type {never} */ (tensor.type), /** @type {never} */ (elementsOf(tensor)), tensor.dims);
}

/**
 * @param {Tensor} tensor
 * @returns {CaseTensor}
 */
function caseTensor({ type, dims, data }) {
  if (Array.isArray(data)) return { type, dims: [...dims], data };
  return { type, dims: [...dims], data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
