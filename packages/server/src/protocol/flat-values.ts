import { describeJson, invalidRequest, quoted } from "./invalid-request.js";
import { elementCount } from "./tensor-shape.js";

/**
 * The elements of an input's JSON `data` in row-major order. Data may be flat, or nested exactly as its shape says; the
 * number of elements is the shape's. Nothing is allocated from the declared shape: only from values that are there.
 * A flat array comes back as it is.
 */
export function flatValues(data: unknown, shape: readonly number[], input: string): readonly unknown[] {
  if (!Array.isArray(data)) {
    throw invalidRequest(`input ${quoted(input)}: "data" must be an array, it is ${describeJson(data)}`);
  }
  let values = data as unknown[];
  if (Array.isArray(values[0]) && shape.length > 0) {
    const flat: unknown[] = [];
    appendNested(values, shape, 0, input, flat);
    values = flat;
  }
  const expected = elementCount(shape);
  if (values.length !== expected) {
    throw invalidRequest(
      `input ${quoted(input)}: shape [${shape.join(", ")}] asks for ${expected} elements, "data" has ${values.length}`,
    );
  }
  return values;
}

function appendNested(level: readonly unknown[], shape: readonly number[], depth: number, input: string, flat: unknown[]): void {
  if (level.length !== shape[depth]) {
    throw invalidRequest(
      `input ${quoted(input)}: shape [${shape.join(", ")}] asks for ${shape[depth]} entries at nesting depth ${depth + 1} of "data", one there has ${level.length}`,
    );
  }
  if (depth === shape.length - 1) {
    for (let index = 0; index < level.length; index++) flat.push(level[index]);
    return;
  }
  for (let index = 0; index < level.length; index++) {
    const inner = level[index];
    if (!Array.isArray(inner)) {
      throw invalidRequest(
        `input ${quoted(input)}: nested "data" must have an array at nesting depth ${depth + 2}, it has ${describeJson(inner)}`,
      );
    }
    appendNested(inner as unknown[], shape, depth + 1, input, flat);
  }
}
