import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { identity, smallMlpSizes, mlp } from "@bentoml-tools/onnx-models";
import { InvalidModelError, Params, type NdArray } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { get, modelTypeDeclaration } from "./index.js";
import { inputSide } from "./onnx-signature.js";
import { prepare } from "./prepare.js";
import { bfloat16Output, sequenceBeside } from "./testing/odd-models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

/** A model.yaml as Python BentoML 1.4.39 writes it, with these options. */
function pythonYaml(apiVersion: string, options: string): string {
  return `name: old
version: '1'
module: bentoml.onnx
labels: {}
options:${options}
metadata: {}
context:
  framework_name: onnx
  framework_versions:
    onnx: 1.23.2
    onnxruntime: 1.31.1
  bentoml_version: 1.4.39
  python_version: 3.11.7
signatures:
  run:
    batchable: true
    batch_dim:
    - 0
    - 0
api_version: ${apiVersion}
creation_time: '2026-11-22T00:08:21.887915+00:00'
`;
}

const described = `
  input_specs:
    run:
    - name: x
      type:
        tensorType:
          elemType: 1
          shape:
            dim:
            - dimParam: batch
            - dimValue: '16'
  output_specs:
    run:
    - name: y
      type:
        tensorType:
          elemType: 1
          shape:
            dim:
            - {}
            - dimValue: '3'
  providers: null
  session_options: null`;

function inStore(yaml: string, model: Uint8Array): ReturnType<typeof get> {
  const path = temporary.file("home/models/old/1/saved_model.onnx");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, model);
  writeFileSync(temporary.file("home/models/old/1/model.yaml"), yaml);
  return get("old:1", { store: temporary.store });
}

interface Described {
  readonly inputs: unknown;
  readonly outputs: readonly string[];
}

describe("a model that Python saved", () => {
  const small = mlp({ sizes: smallMlpSizes });

  test.each([
    ["api v2, described in model.yaml", pythonYaml("v2", described)],
    ["api v1, described by its file only", pythonYaml("v1", " {}")],
  ])("%s", (_what, yaml) => {
    const model = inStore(yaml, small);
    const reference = model.toRunnable();
    expect(reference.methods["run"]).toMatchObject({ batchable: true, batchDim: [0, 0] });
    const { inputs, outputs } = reference.params as Described;
    expect(inputs).toEqual([{ name: "x", dtype: "float32", shape: ["batch", 16], rankKnown: true }]);
    expect(outputs).toEqual(["y"]);
  });

  test("is prepared for in the caller's thread, where no native code is loaded", () => {
    const { stored } = inStore(pythonYaml("v1", " {}"), small);
    const signature = stored.info.signatures["run"];
    if (signature === undefined) throw new Error("The model has no method run.");
    const prepared = prepare(Params.of([new Array<number>(16).fill(1)]), signature, "run", stored);
    expect((prepared.args[0] as Record<string, NdArray>)["x"]?.shape).toEqual([1, 16]);
    expect(inputSide(stored)).toBe(inputSide(stored));
    expect(modelTypeDeclaration(stored.info)).toBe("");
    const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
    expect(sharedObjects.length).toBeGreaterThan(1);
    expect(sharedObjects.filter((path) => path.includes("onnxruntime"))).toEqual([]);
  });

  test("with an output that cannot be returned runs without it", () => {
    const model = inStore(pythonYaml("v1", " {}"), sequenceBeside());
    expect(() => model.toRunner()).toThrow(InvalidModelError);
    expect(() => model.toRunner()).toThrow(/output "sequence" of old:1 is no tensor \(sequence\).*outputs:/);
    expect((model.toRunnable({ outputs: ["y"] }).params as Described).outputs).toEqual(["y"]);
    expect(() => model.toRunner({ outputs: ["z"] })).toThrow(/outputs names "z", but the outputs of old:1 are: sequence, y/);
  });

  test("with bfloat16 has arrays for it, should the engine learn to open it", () => {
    const model = inStore(pythonYaml("v1", " {}"), bfloat16Output());
    expect((model.toRunnable().params as Described).outputs).toEqual(["y", "half"]);
  });

  test("with other methods than run is refused", () => {
    const model = inStore(pythonYaml("v2", described).replace("  run:\n    batchable", "  predict:\n    batchable"), small);
    expect(() => model.toRunner()).toThrow(/has the methods predict, but an ONNX model has one, "run"/);
  });

  test("without its file is refused", () => {
    const model = inStore(pythonYaml("v1", " {}"), identity("float32"));
    writeFileSync(temporary.file("home/models/old/1/saved_model.onnx"), "");
    expect(() => model.toRunner()).toThrow(/saved_model\.onnx|old:1/);
  });
});
