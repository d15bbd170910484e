import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { addSub, identity, sequenceOutput, slow } from "@bentoml-tools/onnx-models";
import { InvalidModelError } from "bentoml-core";
import { afterAll, describe, expect, test } from "vitest";
import { describeGraph, type GraphValueType } from "./graph-description.js";
import { elementType, externalTensor, externalWeights, field, join, model, node, value } from "./testing/odd-models.js";

const folder = mkdtempSync(joinPath(tmpdir(), "bentoml-onnx-graph-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(bytes: Uint8Array | string): string {
  const path = joinPath(folder, "model.onnx");
  writeFileSync(path, bytes);
  return path;
}

describe("describeGraph", () => {
  test("gives inputs and outputs in protobuf's JSON form", () => {
    expect(describeGraph(written(addSub()))).toEqual({
      opset: 17,
      inputs: ["a", "b"].map((name) => float32Batch(name, 4)),
      outputs: ["sum", "difference"].map((name) => float32Batch(name, 4)),
      externalFiles: [],
    });
  });

  test("tells scalars, unnamed dimensions and unknown ranks apart", () => {
    const path = written(
      model(
        field(1, node("Identity", ["x"], "y")),
        field(11, value("scalar", elementType.int64, [])),
        field(11, value("open", elementType.int64, [null, 2, "k"])),
        field(11, value("any", elementType.int64)),
      ),
    );
    expect(describeGraph(path).inputs).toEqual([
      { name: "scalar", type: { tensorType: { elemType: 7, shape: {} } } },
      { name: "open", type: { tensorType: { elemType: 7, shape: { dim: [{}, { dimValue: "2" }, { dimParam: "k" }] } } } },
      { name: "any", type: { tensorType: { elemType: 7 } } },
    ]);
  });

  test("gives the element type of a sequence", () => {
    expect(describeGraph(written(sequenceOutput())).outputs).toEqual([
      { name: "sequence", type: { sequenceType: { elemType: float32Batch("", 3).type } } },
    ]);
  });

  test("gives maps", () => {
    const tensor = field(1, join(field(1, elementType.float32)));
    const map = field(5, join(field(1, elementType.int64), field(2, tensor)));
    const path = written(model(field(12, join(field(1, "scores"), field(2, field(4, field(1, map)))))));
    expect(describeGraph(path).outputs).toEqual([
      { name: "scores", type: { sequenceType: { elemType: { mapType: { keyType: 7, valueType: { tensorType: { elemType: 1 } } } } } } },
    ]);
  });

  test("leaves out inputs that have an initial value", () => {
    const path = written(
      model(
        field(5, join(field(8, "weights"))),
        field(11, value("x", 1, [1])),
        field(11, value("weights", 1, [1])),
      ),
    );
    expect(describeGraph(path).inputs.map((input) => input.name)).toEqual(["x"]);
  });

  test("finds external files, in the bodies of loops and in functions too", () => {
    const body = field(5, join(field(1, "body"), field(6, join(field(5, externalTensor("w", "inner/b.bin"))))));
    const constant = field(5, join(field(1, "value"), field(5, externalTensor("c", "c.bin"))));
    const path = written(
      join(
        model(
          field(1, join(field(4, "Loop"), body)),
          field(5, externalTensor("weights", "a.bin")),
          field(5, externalTensor("more", "a.bin")),
        ),
        field(25, join(field(7, join(field(4, "Constant"), constant)))),
      ),
    );
    expect([...describeGraph(path).externalFiles].sort()).toEqual(["a.bin", "c.bin", "inner/b.bin"]);
  });

  test("skips weights of gigabytes", () => {
    const weightBytes = 3 * 2 ** 30;
    const path = written(Uint8Array.of((15 << 3) | 2, 0x80, 0x80, 0x80, 0x80, 0x0c));
    const file = openSync(path, "r+");
    writeSync(file, model(field(11, value("x", elementType.float32, [1]))), 0, undefined, 6 + weightBytes);
    closeSync(file);
    expect(describeGraph(path).inputs.map((input) => input.name)).toEqual(["x"]);
  });
});

describe("a broken file", () => {
  test.each([1, 50, 100])("of which %i % are there is an error that names it", (percent) => {
    const whole = slow({ repeats: 1 });
    const part = whole.subarray(0, Math.floor((whole.length * percent) / 100) - 1);
    const path = written(part);
    expect(() => describeGraph(path)).toThrow(InvalidModelError);
    expect(() => describeGraph(path)).toThrow(`${path} is no complete ONNX file`);
  });

  test("any prefix of a model either fails cleanly or has its graph", () => {
    const whole = externalWeights("weights.bin");
    for (let length = 0; length < whole.length; length++) {
      const path = written(whole.subarray(0, length));
      let failure: unknown;
      try {
        expect(describeGraph(path).inputs).toHaveLength(1);
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined) expect(failure).toBeInstanceOf(InvalidModelError);
    }
  });

  test.each(["", "version https://git-lfs.github.com/spec/v1\noid sha256:0", '{"a": 1}'])("%j is no ONNX file", (text) => {
    expect(() => describeGraph(written(text))).toThrow(InvalidModelError);
  });

  test("is missing", () => {
    expect(() => describeGraph(joinPath(folder, "nothing.onnx"))).toThrow(InvalidModelError);
    expect(() => describeGraph(joinPath(folder, "nothing.onnx"))).toThrow(/nothing\.onnx cannot be read \(ENOENT\)/);
  });

  test("is named as the user named it", () => {
    expect(() => describeGraph(written("junk"), "the bytes")).toThrow(/^the bytes is no/);
  });
});

test("identity's dtype", () => {
  expect(describeGraph(written(identity("int64"))).inputs[0]?.type.tensorType?.elemType).toBe(7);
});

function float32Batch(name: string, columns: number): { readonly name: string; readonly type: GraphValueType } {
  const dim = [{ dimParam: "batch" }, { dimValue: String(columns) }];
  return { name, type: { tensorType: { elemType: elementType.float32, shape: { dim } } } };
}
