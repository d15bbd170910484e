import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InvalidModelError } from "../errors/index.js";
import type { ModelInfo } from "./model-info.js";
import { formatModelYaml, parseModelYaml, readModelYaml } from "./model-yaml.js";

const OURS: ModelInfo = {
  name: "test",
  version: "v1",
  module: "bentoml.onnx",
  labels: { label: "stringvalue" },
  options: { a: 1, b: 2, c: [3] },
  metadata: { a: 0.1, b: 1, c: [2, 3, 4] },
  context: { frameworkName: "onnx", frameworkVersions: { "onnxruntime-node": "1.30.0" }, bentomlVersion: "0.1.0", pythonVersion: "" },
  signatures: {
    predict: { batchable: false, batchDim: [0, 0] },
    classify: { batchable: true, batchDim: [0, 0] },
    predict_ii: { batchable: true, batchDim: [0, 3] },
    classify_ii: {
      batchable: true,
      batchDim: [1, 3],
      inputSpec: [{ name: "x", dtype: "float32", shape: ["N", 16, -1] }],
      outputSpec: [{ name: "y", dtype: "int64", shape: [] }],
    },
  },
  apiVersion: "v2",
  creationTime: new Date("2026-11-21T21:53:16.854Z"),
  creationTimeText: "2026-11-21T21:53:16.854052+00:00",
  adapter: "bentoml-onnx",
  files: { "saved_model.onnx": "ab12" },
  node: {},
  otherKeys: {},
};

const OURS_TEXT = `name: test
version: v1
module: bentoml.onnx
labels:
  label: stringvalue
options:
  a: 1
  b: 2
  c:
  - 3
metadata:
  a: 0.1
  b: 1
  c:
  - 2
  - 3
  - 4
context:
  framework_name: onnx
  framework_versions:
    onnxruntime-node: 1.30.0
  bentoml_version: 0.1.0
signatures:
  predict:
    batchable: false
  classify:
    batchable: true
    batch_dim:
    - 0
    - 0
  predict_ii:
    batchable: true
    batch_dim:
    - 0
    - 3
  classify_ii:
    batchable: true
    batch_dim:
    - 1
    - 3
    input_spec:
    - name: x
      dtype: float32
      shape:
      - N
      - 16
      - -1
    output_spec:
    - name: y
      dtype: int64
      shape: []
api_version: v2
creation_time: '2026-11-21T21:53:16.854052+00:00'
node:
  adapter: bentoml-onnx
  files:
    saved_model.onnx: ab12
`;

/** As the Python original 1.4.39 wrote it. */
const PYTHON_TEXT = `name: py-model
version: 12e5
module: bentoml.picklable_model
labels:
  k: y
  'on': 1e5
  t: '2001-01-01'
options: {}
metadata:
  a:
  - 1
  - 1.0e-09
  - 10000000000000000000000000
  b: !!binary |
    eHl6
  s: 'line1

    line2'
context:
  framework_name: ''
  framework_versions: {}
  bentoml_version: 1.4.39
  python_version: 3.11.7
signatures:
  predict:
    batchable: true
    batch_dim:
    - 1
    - 1
  p2:
    batchable: false
api_version: v1
creation_time: '2026-11-22T00:36:44.643795+00:00'
`;

function replaced(from: string, to: string): ModelInfo {
  const text = PYTHON_TEXT.replace(from, to);
  expect(text).not.toBe(PYTHON_TEXT);
  return parseModelYaml(text, "/store/model.yaml");
}

test("our file has Python's keys in Python's order, and comes back the same", () => {
  expect(formatModelYaml(OURS)).toBe(OURS_TEXT);
  expect(parseModelYaml(OURS_TEXT, "file")).toEqual(OURS);
});

test("a file of Python means what it means to Python", () => {
  const info = parseModelYaml(PYTHON_TEXT, "file");
  expect(info).toMatchObject({
    name: "py-model",
    version: "12e5",
    labels: { k: "y", on: "1e5", t: "2001-01-01" },
    metadata: { a: [1, 1e-9, 10n ** 25n], b: Buffer.from("xyz"), s: "line1\nline2" },
    context: { bentomlVersion: "1.4.39", pythonVersion: "3.11.7" },
    signatures: { predict: { batchable: true, batchDim: [1, 1] }, p2: { batchable: false, batchDim: [0, 0] } },
    adapter: undefined,
    files: undefined,
  });
  expect(info.creationTime.toISOString()).toBe("2026-11-22T00:36:44.643Z");
  expect(parseModelYaml(formatModelYaml(info), "file")).toEqual(info);
});

test("what older and other versions wrote is taken", () => {
  expect(replaced("name: py-model", "bentoml_version: 0.13\nname: py-model").otherKeys).toEqual({});
  expect(replaced("  framework_versions: {}", "  pip_dependencies:\n  - onnx").context.frameworkVersions).toEqual({});
  expect(replaced("    batch_dim:\n    - 1\n    - 1", "    batch_dim: 2").signatures["predict"]?.batchDim).toEqual([2, 2]);
  expect(replaced(/signatures:[\s\S]*?api/.exec(PYTHON_TEXT)![0], "api").signatures).toEqual({});
  expect(replaced("labels:\n  k: y", "labels:\n  k: 5").labels["k"]).toBe("5");
  expect(replaced("options: {}", "options:").options).toEqual({});
  expect(replaced("creation_time: '2026-11-22T00:36:44.643795+00:00'", "creation_time: 2026-11-22 00:36:44.643795+00:00").creationTime).toEqual(
    new Date("2026-11-22T00:36:44.643Z"),
  );
});

test("specs in another form count as none, because Python checks nothing there", () => {
  const withSpec = (spec: string): ModelInfo => replaced("    batchable: true\n", `    batchable: true\n    input_spec: ${spec}\n`);
  for (const spec of ["null", "{a: 1}", "[float32]", "[{name: x, dtype: complex64, shape: [1]}]", "[{name: x, dtype: float32, shape: [-2]}]"]) {
    expect(withSpec(spec).signatures["predict"]).toEqual({ batchable: true, batchDim: [1, 1] });
  }
  const inputSpec = [{ name: "x", dtype: "bool", shape: [1] }];
  expect(withSpec("[{name: x, dtype: bool, shape: [1]}]").signatures["predict"]).toEqual({ batchable: true, batchDim: [1, 1], inputSpec });
});

test("unknown keys, at the top and beside ours, are kept", () => {
  const info = parseModelYaml(`${OURS_TEXT}  later: [1]\nfuture:\n  key: true\n`, "file");
  expect(info.node).toEqual({ later: [1] });
  expect(info.otherKeys).toEqual({ future: { key: true } });
  expect(parseModelYaml(formatModelYaml(info), "file")).toEqual(info);
});

test.each([
  ["version: 12e5", "version: ''", '"" is not a valid version'],
  ["version: 12e5", "", "version must be text, got nothing"],
  ["version: 12e5", "version: V1", "must be lower case"],
  ["name: py-model", "name: ../../evil", "not a valid name"],
  ["labels:\n", "labels: x\nx:\n", 'labels must be a mapping, got "x"'],
  ["batchable: true", "batchable: maybe", 'signatures.predict.batchable must be true or false, got "maybe"'],
  ["    - 1\n    - 1", "    - 1\n    - -1", "signatures.predict.batch_dim"],
  ["creation_time: '2026-11-22T00:36:44.643795+00:00'", "creation_time: soon", 'ISO-8601 time, got "soon"'],
  ["creation_time: '2026-11-22T00:36:44.643795+00:00'", "", "creation_time must be text, got nothing"],
  ["options: {}", "options: {", "line"],
])("%j as %j is malformed", (from, to, message) => {
  expect(() => replaced(from, to)).toThrow(InvalidModelError);
  expect(() => replaced(from, to)).toThrow("/store/model.yaml is malformed: ");
  expect(() => replaced(from, to)).toThrow(message);
});

test("a folder without a model.yaml is named", () => {
  expect(() => readModelYaml("/nowhere/at/all/model.yaml")).toThrow(InvalidModelError);
  expect(() => readModelYaml("/nowhere/at/all/model.yaml")).toThrow("The folder /nowhere/at/all holds no model: there is no model.yaml");
});

test("a file that would fill the memory is refused unread", () => {
  const folder = mkdtempSync(join(tmpdir(), "model-yaml-"));
  const file = join(folder, "model.yaml");
  writeFileSync(file, PYTHON_TEXT);
  expect(readModelYaml(file).name).toBe("py-model");
  truncateSync(file, 2 ** 40);
  expect(() => readModelYaml(file)).toThrow("has more than 67108864 bytes: it is no model.yaml");
  rmSync(folder, { recursive: true });
});
