import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { dataTypeNumbers } from "./data-type.js";
import type {
  Attribute,
  Dimension,
  ExternalFile,
  Graph,
  GraphNode,
  Tensor,
  ValueInformation,
} from "./onnx-model.js";

/** Old enough for any runtime of the last years: IR 8 and operators 17 came out together. */
const intermediateRepresentationVersion = 8;
const operatorSetVersion = 17;

/** `TensorProto.DataLocation` of ONNX. */
const externalDataLocation = 1;

/** `AttributeProto.AttributeType` of ONNX. */
const attributeTypeNumbers = { integer: 2, graph: 5, integers: 7 } as const;

/**
 * The bytes of an ONNX file (a `ModelProto`) with this graph.
 *
 * Fields are written in the order of the code below and nothing depends on
 * time or machine, so that equal graphs give equal bytes.
 */
export function serialiseModel(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(intermediateRepresentationVersion);
  writeText(writer, 2, "bentoml-js onnx-models");
  writeMessage(writer, 7, () => writeGraph(writer, graph));
  writeMessage(writer, 8, () => writer.tag(2, WireType.Varint).int64(operatorSetVersion));
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const graphNode of graph.nodes) {
    writeMessage(writer, 1, () => writeNode(writer, graphNode));
  }
  writeText(writer, 2, graph.name);
  for (const tensor of graph.initializers) {
    writeMessage(writer, 5, () => writeTensor(writer, tensor));
  }
  for (const input of graph.inputs) {
    writeMessage(writer, 11, () => writeValueInformation(writer, input));
  }
  for (const output of graph.outputs) {
    writeMessage(writer, 12, () => writeValueInformation(writer, output));
  }
}

function writeNode(writer: BinaryWriter, graphNode: GraphNode): void {
  for (const input of graphNode.inputs) writeText(writer, 1, input);
  for (const output of graphNode.outputs) writeText(writer, 2, output);
  // The first output is unique within a graph, so it also names the node.
  writeText(writer, 3, graphNode.outputs[0] ?? graphNode.operator);
  writeText(writer, 4, graphNode.operator);
  for (const [name, attribute] of Object.entries(graphNode.attributes)) {
    writeMessage(writer, 5, () => writeAttribute(writer, name, attribute));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  writeText(writer, 1, name);
  writeAttributeValue(writer, attribute);
  writer.tag(20, WireType.Varint).int32(attributeTypeNumbers[attribute.kind]);
}

function writeAttributeValue(writer: BinaryWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case "integer":
      writer.tag(3, WireType.Varint).int64(attribute.value);
      return;
    case "graph":
      writeMessage(writer, 6, () => writeGraph(writer, attribute.value));
      return;
    case "integers":
      for (const value of attribute.value) writer.tag(8, WireType.Varint).int64(value);
      return;
  }
}

function writeTensor(writer: BinaryWriter, tensor: Tensor): void {
  for (const dimension of tensor.dimensions) writer.tag(1, WireType.Varint).int64(dimension);
  writer.tag(2, WireType.Varint).int32(dataTypeNumbers[tensor.dataType]);
  const { data } = tensor;
  // Strings have no raw form in ONNX: they stand one by one in a field of their own.
  if (isStrings(data)) for (const text of data) writeText(writer, 6, text);
  writeText(writer, 8, tensor.name);
  if (data instanceof Uint8Array) writer.tag(9, WireType.LengthDelimited).bytes(data);
  else if (!isStrings(data)) writeExternalFile(writer, data);
}

function isStrings(data: Tensor["data"]): data is readonly string[] {
  return Array.isArray(data);
}

function writeExternalFile(writer: BinaryWriter, { location }: ExternalFile): void {
  writeMessage(writer, 13, () => {
    writeText(writer, 1, "location");
    writeText(writer, 2, location);
  });
  writer.tag(14, WireType.Varint).int32(externalDataLocation);
}

function writeValueInformation(writer: BinaryWriter, value: ValueInformation): void {
  writeText(writer, 1, value.name);
  writeMessage(writer, 2, () => writeType(writer, value));
}

function writeType(writer: BinaryWriter, value: ValueInformation): void {
  if (!value.isSequence) {
    writeTensorType(writer, value);
    return;
  }
  writeMessage(writer, 4, () => {
    writeMessage(writer, 1, () => writeTensorType(writer, value));
  });
}

function writeTensorType(writer: BinaryWriter, value: ValueInformation): void {
  writeMessage(writer, 1, () => {
    writer.tag(1, WireType.Varint).int32(dataTypeNumbers[value.dataType]);
    // A scalar needs its empty shape written too: without one the rank is unknown.
    writeMessage(writer, 2, () => {
      for (const dimension of value.shape) {
        writeMessage(writer, 1, () => writeDimension(writer, dimension));
      }
    });
  });
}

function writeDimension(writer: BinaryWriter, dimension: Dimension): void {
  if (typeof dimension === "number") writer.tag(1, WireType.Varint).int64(dimension);
  else writeText(writer, 2, dimension);
}

function writeText(writer: BinaryWriter, field: number, text: string): void {
  writer.tag(field, WireType.LengthDelimited).string(text);
}

function writeMessage(writer: BinaryWriter, field: number, writeFields: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writeFields();
  writer.join();
}
