/**
 * ONNX files for tests that the model makers of this repository cannot write: external weights, element types and shapes
 * that adapters must meet with a clear error. Fields are those of onnx.proto.
 */

/** One protobuf field: text and bytes are length-delimited, numbers are varints. */
export function field(number: number, value: string | number | Uint8Array): Uint8Array {
  if (typeof value === "number") return Uint8Array.of(...varint(number << 3), ...varint(value));
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return join(Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes);
}

/** A message of these fields. */
export function join(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(fields.flatMap((bytes) => [...bytes]));
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
}

type Dimension = number | string | null;

/** ONNX's numbers of element types. */
export const elementType = { float32: 1, int64: 7, bfloat16: 16, int4: 22 } as const;

/** A ValueInfoProto; without a shape the rank is unknown, `null` is a dimension without a name. */
export function value(name: string, type: number, shape?: readonly Dimension[]): Uint8Array {
  const dimensions = shape?.map((length) =>
    field(1, length === null ? join() : typeof length === "number" ? field(1, length) : field(2, length)),
  );
  const tensor = join(field(1, type), ...(dimensions === undefined ? [] : [field(2, join(...dimensions))]));
  return join(field(1, name), field(2, field(1, tensor)));
}

/** A NodeProto; `to` is the attribute of a Cast. */
export function node(operator: string, inputs: readonly string[], output: string, to?: number): Uint8Array {
  const attribute = to === undefined ? [] : [field(5, join(field(1, "to"), field(3, to), field(20, 2)))];
  return join(...inputs.map((input) => field(1, input)), field(2, output), field(4, operator), ...attribute);
}

/** A ModelProto of IR 8 and operators 17 around the fields of a graph. */
export function model(...graphFields: readonly Uint8Array[]): Uint8Array {
  return versionedModel(8, 17, graphFields);
}

function versionedModel(representation: number, operators: number, graphFields: readonly Uint8Array[]): Uint8Array {
  return join(field(1, representation), field(7, join(...graphFields, field(2, "odd"))), field(8, field(2, operators)));
}

/** A TensorProto of float32 [4] whose bytes lie in another file. */
export function externalTensor(name: string, location: string): Uint8Array {
  const entry = field(13, join(field(1, "location"), field(2, location)));
  return join(field(1, 4), field(2, elementType.float32), field(8, name), entry, field(14, 1));
}

/** y = x + weights, float32 ["batch", 4]; the weights are the first 16 bytes of the file of this name. */
export function externalWeights(location: string): Uint8Array {
  return model(
    field(1, node("Add", ["x", "weights"], "y")),
    field(5, externalTensor("weights", location)),
    field(11, value("x", elementType.float32, ["batch", 4])),
    field(12, value("y", elementType.float32, ["batch", 4])),
  );
}

/** Outputs "y", float32, and "half", bfloat16. */
export function bfloat16Output(): Uint8Array {
  return model(
    field(1, node("Identity", ["x"], "y")),
    field(1, node("Cast", ["x"], "half", elementType.bfloat16)),
    field(11, value("x", elementType.float32, ["batch", 3])),
    field(12, value("y", elementType.float32, ["batch", 3])),
    field(12, value("half", elementType.bfloat16, ["batch", 3])),
  );
}

/** Outputs "y", float32, and "nibble", int4: an element type that came with operators 21. */
export function int4Output(): Uint8Array {
  return versionedModel(10, 21, [
    field(1, node("Identity", ["x"], "y")),
    field(1, node("Cast", ["x"], "nibble", elementType.int4)),
    field(11, value("x", elementType.float32, ["batch", 3])),
    field(12, value("y", elementType.float32, ["batch", 3])),
    field(12, value("nibble", elementType.int4, ["batch", 3])),
  ]);
}

/** y = x, float32, of any rank. */
export function anyRank(): Uint8Array {
  return model(
    field(1, node("Identity", ["x"], "y")),
    field(11, value("x", elementType.float32)),
    field(12, value("y", elementType.float32)),
  );
}

/** Outputs "sequence", of two float32 tensors, and "y" = x, float32 ["batch", 3]. */
export function sequenceBeside(): Uint8Array {
  const tensor = join(field(1, elementType.float32), field(2, join()));
  const sequence = join(field(1, "sequence"), field(2, field(4, field(1, field(1, tensor)))));
  return model(
    field(1, node("SequenceConstruct", ["x", "x"], "sequence")),
    field(1, node("Identity", ["x"], "y")),
    field(11, value("x", elementType.float32, ["batch", 3])),
    field(12, sequence),
    field(12, value("y", elementType.float32, ["batch", 3])),
  );
}
