import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { addSub, fixedBatch, identity, mlp, sequenceOutput, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { InvalidArgumentError, InvalidModelError, ModelExistsError, type NdArray } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { get, importModel, loadModel, saveModel, type OnnxSaveOptions } from "./index.js";
import { anyRank, bfloat16Output, externalWeights, field, int4Output, model, node, sequenceBeside, value } from "./testing/odd-models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

function save(given: string | Uint8Array, options: OnnxSaveOptions = {}): ReturnType<typeof saveModel> {
  return saveModel("m:1", given, { ...options, store: temporary.store });
}

async function expectRefused(
  given: string | Uint8Array,
  error: typeof InvalidModelError | typeof InvalidArgumentError,
  text: string | RegExp,
  options: OnnxSaveOptions = {},
): Promise<void> {
  const refused = save(given, options);
  await expect(refused).rejects.toBeInstanceOf(error);
  await expect(refused).rejects.toThrow(text);
  expect(temporary.leftovers()).toEqual([]);
}

function written(name: string, bytes: Uint8Array | string): string {
  writeFileSync(temporary.file(name), bytes);
  return temporary.file(name);
}

/** The four float32 that the model of `externalWeights` adds. */
const weightBytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

describe("saveModel", () => {
  test("writes what Python BentoML 1.4 writes", async () => {
    const { info, path } = await save(addSub());
    expect(info).toMatchObject({
      name: "m",
      version: "1",
      module: "bentoml.onnx",
      adapter: "bentoml-onnx",
      apiVersion: "v2",
      context: { frameworkName: "onnx", frameworkVersions: { onnx: "opset 17", onnxruntime: expect.stringMatching(/^1\./) as string } },
    });
    expect(readdirSync(path)).toContain("saved_model.onnx");
    const described = (name: string): unknown => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "batch" }, { dimValue: "4" }] } } },
    });
    expect(info.options).toEqual({
      input_specs: { run: [described("a"), described("b")] },
      output_specs: { run: [described("sum"), described("difference")] },
      providers: null,
      session_options: null,
    });
  });

  test("reads the signature, and gets it back from the store", async () => {
    await save(mlp({ sizes: smallMlpSizes }));
    const signature = {
      batchable: true,
      batchDim: [0, 0],
      inputSpec: [{ name: "x", dtype: "float32", shape: ["batch", 16] }],
      outputSpec: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
    };
    expect(get("m:1", { store: temporary.store }).info.signatures).toEqual({ run: signature });
  });

  test("takes a path, labels and metadata", async () => {
    const path = written("digits.onnx", identity("string"));
    const saved = await saveModel("m", path, { store: temporary.store, labels: { team: "a" }, metadata: { accuracy: 0.9 } });
    expect(saved.info).toMatchObject({ labels: { team: "a" }, metadata: { accuracy: 0.9 } });
    expect(get("m:latest", { store: temporary.store }).tag.toString()).toBe(saved.tag.toString());
  });

  test("a tag that is taken stays as it is", async () => {
    await save(addSub());
    await expect(save(identity("float32"))).rejects.toBeInstanceOf(ModelExistsError);
    expect(get("m:1", { store: temporary.store }).info.signatures["run"]?.inputSpec).toHaveLength(2);
  });

  test("a graph of fixed batch size does not batch, and says so when asked to", async () => {
    expect((await save(fixedBatch(4))).info.signatures["run"]?.batchable).toBe(false);
    const asked = saveModel("m:2", fixedBatch(4), { store: temporary.store, signatures: { run: { batchable: true } } });
    await expect(asked).rejects.toThrow(/dimension 0 of the input "x" \[4, 4\] is fixed to 4/);
  });

  test("keeps the chosen outputs, in their order", async () => {
    const { info } = await save(addSub(), { outputs: ["difference"] });
    expect(info.signatures["run"]?.outputSpec?.map((output) => output.name)).toEqual(["difference"]);
    expect(info.options["output_specs"]).toMatchObject({ run: [{ name: "sum" }, { name: "difference" }] });
  });

  test("knows no method but run, and no output that the graph has not", async () => {
    const signatures = { predict: {} } as OnnxSaveOptions["signatures"] & object;
    await expectRefused(addSub(), InvalidArgumentError, /predict.*"run"/, { signatures });
    await expectRefused(addSub(), InvalidArgumentError, /outputs names "product".*sum, difference/, { outputs: ["product"] });
    await expectRefused(addSub(), InvalidArgumentError, /outputs names an empty list/, { outputs: [] });
    const misspelt = { signatures: { run: { batchabel: false } } } as OnnxSaveOptions;
    await expect(saveModel("m", addSub(), { store: temporary.store, ...misspelt })).rejects.toThrow(/signatures\.run has no field "batchabel"/);
    await expect(saveModel("m", addSub(), { store: temporary.store, batchable: true } as object)).rejects.toThrow(/saveModel of bentoml-onnx has no option "batchable"/);
  });

  test("an input of unknown rank", async () => {
    const { info } = await save(anyRank());
    expect(info.signatures["run"]).toMatchObject({ batchable: false, inputSpec: [{ name: "x", shape: [] }] });
  });
});

describe("what onnxruntime-node cannot return", () => {
  test("a sequence is refused by name, with the cure", async () => {
    await expectRefused(sequenceOutput(), InvalidModelError, /output "sequence" .*zipmap: False/);
  });

  test("a sequence may be left out", async () => {
    const { info } = await save(sequenceBeside(), { outputs: ["y"] });
    expect(info.signatures["run"]?.outputSpec?.map((output) => output.name)).toEqual(["y"]);
  });

  test("bfloat16 is refused by name, even where it is not asked for", async () => {
    await expectRefused(bfloat16Output(), InvalidModelError, /output "half" is bfloat16 .*Cast/, { outputs: ["y"] });
  });
});

test("int4, with which the engine would end the process, is refused by name, and may be left out", async () => {
  await expectRefused(int4Output(), InvalidModelError, /output "nibble" .* is int4.*Leave it out with the option outputs/);
  const { info } = await save(int4Output(), { outputs: ["y"] });
  expect(info.signatures["run"]?.outputSpec?.map((output) => output.name)).toEqual(["y"]);
  await using runner = get("m:1", { store: temporary.store }).toRunner({ embedded: true });
  expect(((await runner.run([[1, 2, 3]])) as NdArray).toNested()).toEqual([[1, 2, 3]]);
});

describe("broken files", () => {
  test("a truncated file is named", async () => {
    const whole = mlp({ sizes: smallMlpSizes });
    const path = written("cut.onnx", whole.subarray(0, whole.length - 50));
    await expectRefused(path, InvalidModelError, path);
  });

  test("a file of another kind, an empty one, and bytes", async () => {
    await expectRefused(written("text.onnx", "no model"), InvalidModelError, temporary.file("text.onnx"));
    await expectRefused(written("empty.onnx", ""), InvalidModelError, temporary.file("empty.onnx"));
    await expectRefused(new Uint8Array(3), InvalidModelError, "the model given as 3 bytes");
  });

  test("a graph that the engine refuses is named as the user named it, not by the draft's path", async () => {
    const path = written("odd.onnx", model(field(1, node("Identitx", ["x"], "y")), field(11, value("x", 1, [1])), field(12, value("y", 1, [1]))));
    await expectRefused(path, InvalidModelError, /odd\.onnx cannot be opened: .*Identitx/);
    await expect(save(path)).rejects.not.toThrow("home");
  });

  test("a missing file", async () => {
    await expectRefused(temporary.file("nothing.onnx"), InvalidArgumentError, "nothing.onnx cannot be read");
    await expectRefused(7 as never, InvalidArgumentError, "path of an .onnx file");
  });
});

describe("external weights", () => {
  test("come along with the file that names them", async () => {
    written("w.bin", weightBytes);
    written("other.txt", "");
    const { path, tag } = await save(written("model.onnx", externalWeights("w.bin")));
    expect(readdirSync(path).sort()).toEqual(["model.yaml", "saved_model.onnx", "w.bin"]);
    const session = await loadModel(tag, { store: temporary.store });
    expect(session.inputNames).toEqual(["x"]);
    await session.release();
  });

  test("a missing file is named", async () => {
    await expectRefused(written("model.onnx", externalWeights("w.bin")), InvalidModelError, temporary.file("w.bin"));
  });

  test.each(["../w.bin", "/etc/passwd", "a/../../w.bin", "..", "", "a\\b", "C:w.bin", "model.yaml", "saved_model.onnx"])(
    "%j is refused",
    async (location) => {
      written("w.bin", weightBytes);
      await expectRefused(written("model.onnx", externalWeights(location)), InvalidModelError, /refused|a name that the store needs/);
    },
  );

  test("cannot belong to bytes", async () => {
    await expectRefused(externalWeights("w.bin"), InvalidModelError, "give the path of the .onnx file instead");
  });
});

describe("importModel", () => {
  test("copies a folder, links followed, hidden files left out", async () => {
    const folder = temporary.file("hub");
    mkdirSync(temporary.file("hub/weights"), { recursive: true });
    mkdirSync(temporary.file("hub/.cache"));
    written("blob", weightBytes);
    symlinkSync(temporary.file("blob"), temporary.file("hub/weights/w.bin"));
    written("hub/model.onnx", externalWeights("weights/w.bin"));
    written("hub/labels.txt", "a\nb\n");
    const { path } = await importModel("m:1", folder, { store: temporary.store });
    expect(readdirSync(path).sort()).toEqual(["labels.txt", "model.yaml", "saved_model.onnx", "weights"]);
    const session = await loadModel("m:1", { store: temporary.store });
    await session.release();
  });

  test("takes a single file", async () => {
    const { info } = await importModel("m:1", written("a.onnx", addSub()), { store: temporary.store });
    expect(info.signatures["run"]?.batchable).toBe(true);
  });

  test("asks which of several files is meant", async () => {
    mkdirSync(temporary.file("hub"));
    await expectRefused(temporary.file("hub"), InvalidArgumentError, "has no .onnx file at its top");
    written("hub/a.onnx", addSub());
    written("hub/b.onnx", addSub());
    await expectRefused(temporary.file("hub"), InvalidArgumentError, /2 \.onnx files \(a\.onnx, b\.onnx\)/);
  });

  test("sends the user with a model of a store elsewhere", async () => {
    const { path } = await save(addSub());
    await expect(importModel("n", path, { store: temporary.store })).rejects.toThrow(/model\.yaml.*ModelStore\.import/);
  });

  test("weights that a folder lacks are named", async () => {
    mkdirSync(temporary.file("hub"));
    written("hub/model.onnx", externalWeights("w.bin"));
    await expectRefused(temporary.file("hub"), InvalidModelError, "hub/w.bin");
  });
});
