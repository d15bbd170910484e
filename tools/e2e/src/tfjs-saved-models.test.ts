import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, InvalidModelError, ModelStore, NdArray, type AnyRunner, type AnyRunnerMethod, type Dtype, type NamedTensors } from "bentoml-core";
import { get, importModel, loadModel, type NativeSavedModel } from "bentoml-tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { places } from "./places.js";
import { tf, useCpu } from "./tfjs-library.js";

/** Made by Python's TensorFlow (tools/ci/tfjs-node/make-saved-models.py). They run on tfjs-node only, so without them there is nothing to test. */
const folder = process.env["BENTOML_TFJS_SAVED_MODELS"] ?? "";

interface Values {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

type Reference = Readonly<Record<"inputs" | "outputs", Readonly<Record<string, Values>>>>;

const arrays = (values: Readonly<Record<string, Values>>): NamedTensors =>
  Object.fromEntries(Object.entries(values).map(([name, { dtype, shape, data }]) => [name, NdArray.from([...data], dtype).reshape(shape)]));

/** A thousand runs of convolutions: seconds on a quiet machine. */
const MANY_CALLS_MS = 300_000;

describe.skipIf(folder === "")("SavedModels by Python's TensorFlow", () => {
  const references = folder === "" ? {} : (JSON.parse(readFileSync(join(folder, "references.json"), "utf8")) as Readonly<Record<string, Readonly<Record<string, Reference>>>>);
  let home: string;
  let store: ModelStore;

  beforeAll(async () => {
    await useCpu();
    home = mkdtempSync(join(tmpdir(), "bentoml-saved-models-"));
    store = new ModelStore(home);
    for (const name of Object.keys(references)) await importModel(name, join(folder, name), { store });
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Within 1e-5 of what Python computes, of its dtype and shape; whole numbers, bools and text the very same. */
  function checkOutputs(answer: unknown, { outputs }: Reference): void {
    const names = Object.keys(outputs);
    const given = names.length === 1 ? { [names[0] as string]: answer as NdArray } : (answer as NamedTensors);
    expect(Object.keys(given).sort()).toEqual(names.sort());
    for (const [name, wanted] of Object.entries(outputs)) {
      const { dtype, shape, data } = given[name] as NdArray;
      expect([name, dtype, shape]).toEqual([name, wanted.dtype, wanted.shape]);
      for (const [place, value] of [...data].entries()) {
        const expected = wanted.data[place];
        if (dtype === "float32") expect(Math.abs((value as number) - (expected as number))).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected as number)));
        else expect(typeof expected === "string" ? value : Number(value)).toBe(typeof expected === "string" ? expected : Number(expected));
      }
    }
  }

  const runnerOf = (name: string): AnyRunner => get(name, { store }).toRunner({ workers: 1 }) as unknown as AnyRunner;
  const methodOf = (runner: AnyRunner, name: string): AnyRunnerMethod => runner.methods[name] as AnyRunnerMethod;

  describe.each(places)("$place", ({ start }) => {
    test.each(["convolutional", "two-signatures", "words"])("%s gives what Python gives, by every signature", async (name) => {
      const { runner, stop } = await start((options) => get(name, { store }).toRunner({ workers: 1, ...options }) as unknown as AnyRunner);
      try {
        for (const [method, reference] of Object.entries(references[name] ?? {})) {
          checkOutputs(await methodOf(runner, method)(arrays(reference.inputs)), reference);
        }
      } finally {
        await stop();
      }
    });
  });

  test("calls that share a batch get each their own rows", async () => {
    const reference = references["convolutional"]?.["run"] as Reference;
    const image = arrays(reference.inputs)["image"] as NdArray;
    const runner = runnerOf("convolutional");
    const answers = await Promise.all(Array.from({ length: 5 }, (_, row) => methodOf(runner, "run")(image.slice(0, row, row + 1))));
    checkOutputs(NdArray.concat(answers as NdArray[], 0), reference);
    await runner.destroy();
  });

  test("signatures are the methods, with what each takes and gives", () => {
    const { info } = get("two-signatures", { store });
    expect(info.context.frameworkName).toBe("tensorflow");
    expect(info.signatures).toEqual({
      run: {
        batchable: true,
        batchDim: [0, 0],
        inputSpec: ["a", "b"].map((name) => ({ name, dtype: "float32", shape: ["batch", 2] })),
        outputSpec: expect.arrayContaining(["sum", "difference"].map((name) => ({ name, dtype: "float32", shape: ["batch", 2] }))) as unknown,
      },
      scale: {
        batchable: true,
        batchDim: [0, 0],
        inputSpec: [{ name: "count", dtype: "int64", shape: ["batch"] }, { name: "pixels", dtype: "uint8", shape: ["batch", 2] }],
        outputSpec: expect.arrayContaining([
          { name: "scaled", dtype: "float32", shape: ["batch", 2] },
          { name: "next", dtype: "int64", shape: ["batch"] },
          { name: "dark", dtype: "bool", shape: ["batch", 2] },
        ]) as unknown,
      },
    });
  });

  test("another signature can be run()", async () => {
    const chosen = await importModel("chosen", join(folder, "two-signatures"), { store, signature: "scale" });
    expect(Object.keys(chosen.info.signatures)).toEqual(["run", "serving_default"]);
    expect(chosen.info.signatures["run"]?.inputSpec?.map(({ name }) => name)).toEqual(["count", "pixels"]);
  });

  test("what there is not is refused by name, and so is another backend", async () => {
    const path = join(folder, "two-signatures");
    await expect(importModel("m", path, { store, signature: "predict" })).rejects.toThrow(/signature is "predict", but the signatures of .* are: "s/);
    await expect(importModel("m", path, { store, tags: ["gpu"] })).rejects.toThrow(/no graph with the tags \["gpu"\]; there is \["serve"\]/);
    expect(() => get("words", { store }).toRunner({ backend: "wasm" })).toThrow(InvalidArgumentError);
    await expect(loadModel("words", { store, backend: "cpu" })).rejects.toThrow(/SavedModel, which the backend "cpu" cannot run/);
  });

  test("integers that tfjs-node would change are refused before any worker", async () => {
    const runner = runnerOf("two-signatures");
    for (const count of [2n ** 40n, -1n]) await expect(methodOf(runner, "scale")([count], [[1, 2]])).rejects.toThrow(/Input "count" wants int64.*from 0 to 2147483647/);
    await runner.destroy();
  });

  test("damaged files are an error of the model", async () => {
    const stored = get("words", { store });
    const runner = stored.toRunner({ embedded: true });
    rmSync(join(stored.path, "saved_model.pb"));
    await expect(runner.run(["a"])).rejects.toBeInstanceOf(InvalidModelError);
  });

  test("calls leave no tensor behind", async () => {
    const reference = references["convolutional"]?.["run"] as Reference;
    const model = (await loadModel("convolutional", { store })) as NativeSavedModel;
    model.dispose();
    const before = tf.memory().numTensors;
    const runner = get("convolutional", { store }).toRunner({ embedded: true });
    for (let call = 0; call < 1_000; call++) await runner.run(arrays(reference.inputs));
    expect(tf.memory().numTensors).toBe(before);
    await runner.destroy();
  }, MANY_CALLS_MS);
});
