import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A tensor of a case: little-endian bytes of its elements, or texts.
 *
 * @typedef {{ type: string, dims: number[], data: Uint8Array | string[] }} CaseTensor
 */

/**
 * A case of ONNX's backend tests: what a model must make of given inputs.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {string} model Path of the .onnx file.
 * @property {number} rtol
 * @property {number} atol
 * @property {CaseTensor[]} inputs In the order of the graph's inputs.
 * @property {CaseTensor[]} outputs In the order of the graph's outputs.
 * @property {string | undefined} unsupported A kind of value in it that is no tensor.
 */

/** @typedef {{ type: string, dims: number[], values?: string[], offset: number, bytes: number, unsupported?: string }} WrittenTensor */

/**
 * Reads what read-cases.py wrote.
 *
 * @param {string} folder
 * @returns {Promise<Case[]>} In the order of their names.
 */
export async function readCases(folder) {
  const data = await readFile(join(folder, "cases.bin"));
  /** @type {(Omit<Case, "inputs" | "outputs"> & { inputs: WrittenTensor[], outputs: WrittenTensor[] })[]} */
  const written = JSON.parse(await readFile(join(folder, "cases.json"), "utf8"));
  return written.map((each) => ({
    ...each,
    inputs: each.inputs.map((tensor) => tensorOf(tensor, data)),
    outputs: each.outputs.map((tensor) => tensorOf(tensor, data)),
    unsupported: [...each.inputs, ...each.outputs].find((tensor) => tensor.unsupported !== undefined)?.unsupported,
  }));
}

/**
 * @param {WrittenTensor} tensor
 * @param {Buffer} file
 * @returns {CaseTensor}
 */
function tensorOf({ type, dims, values, offset, bytes }, file) {
  return { type, dims, data: values ?? new Uint8Array(file.subarray(offset, offset + bytes)) };
}
