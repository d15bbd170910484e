import { describeJson, invalidRequest, quoted } from "./invalid-request.js";

/** One output that a request asks for by name. */
export interface RequestedOutput {
  readonly name: string;
  /** Raw bytes after the JSON instead of numbers in it. */
  readonly binary: boolean;
  /** The largest so many values of each row as texts, in place of all of them; 0 for the values themselves. */
  readonly classes: number;
}

/** What a response must carry: the named outputs in this order, or `all` outputs in the one form. */
export interface RequestedOutputs {
  readonly named: readonly RequestedOutput[] | undefined;
  readonly allBinary: boolean;
}

const ALL_JSON: RequestedOutputs = { named: undefined, allBinary: false };
/** Also the answer to a raw request. */
export const ALL_BINARY: RequestedOutputs = { named: undefined, allBinary: true };

/** Reads a request's `outputs` and the `binary_data_output` of its `parameters`; parameters we do not know are ignored. */
export function readRequestedOutputs(outputs: unknown, parameters: unknown): RequestedOutputs {
  const allBinary = parameters === undefined ? false : (readFlag(parameters, "binary_data_output", "the request") ?? false);
  if (outputs === undefined) return allBinary ? ALL_BINARY : ALL_JSON;
  if (!Array.isArray(outputs)) throw invalidRequest(`"outputs" must be an array, it is ${describeJson(outputs)}`);
  if (outputs.length === 0) return allBinary ? ALL_BINARY : ALL_JSON;
  const named: RequestedOutput[] = [];
  const seen = new Set<string>();
  for (const output of outputs as unknown[]) {
    const requested = readOutput(output, allBinary);
    if (seen.has(requested.name)) throw invalidRequest(`output ${quoted(requested.name)} is requested twice`);
    seen.add(requested.name);
    named.push(requested);
  }
  return { named, allBinary: false };
}

function readOutput(output: unknown, binaryByDefault: boolean): RequestedOutput {
  if (typeof output !== "object" || output === null) {
    throw invalidRequest(`each entry of "outputs" must be an object, one is ${describeJson(output)}`);
  }
  const { name, parameters } = output as { name?: unknown; parameters?: unknown };
  if (typeof name !== "string") {
    throw invalidRequest(`each entry of "outputs" must have a "name", one's is ${describeJson(name)}`);
  }
  if (parameters === undefined) return { name, binary: binaryByDefault, classes: 0 };
  const who = `output ${quoted(name)}`;
  const binary = readFlag(parameters, "binary_data", who) ?? binaryByDefault;
  if ((parameters as { shared_memory_region?: unknown }).shared_memory_region !== undefined) {
    throw invalidRequest(`${who}: shared memory is not supported, ask for binary data`);
  }
  return { name, binary, classes: readClasses(parameters, who) };
}

function readClasses(parameters: unknown, who: string): number {
  const { classification: count = 0 } = parameters as { classification?: unknown };
  if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) return count;
  throw invalidRequest(`the parameter "classification" of ${who} must be a whole number of 0 or more, it is ${describeJson(count)}`);
}

function readFlag(parameters: unknown, flag: string, who: string): boolean | undefined {
  if (typeof parameters !== "object" || parameters === null) {
    throw invalidRequest(`the "parameters" of ${who} must be an object, they are ${describeJson(parameters)}`);
  }
  const value = (parameters as Readonly<Record<string, unknown>>)[flag];
  if (value !== undefined && typeof value !== "boolean") {
    throw invalidRequest(`the parameter "${flag}" of ${who} must be true or false, it is ${describeJson(value)}`);
  }
  return value;
}
