import { strict as assert } from "node:assert";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelStore, NdArray } from "bentoml-core";
import { get, saveModel } from "bentoml-onnx";
import { repository } from "../src/repository.mjs";
import { outputOf } from "../src/run-command.mjs";
import { arrayOf, cases, expectSame, tensorOf } from "./cases.mjs";

const script = join(repository, "tools", "ci", "python-bentoml", "exchange.py");
const writeModel = join(repository, "tools", "onnx-models", "src", "write-model.ts");

const labels = { stage: "test", yes: "1e5", on: "y" };
const metadata = {
  score: 0.1,
  count: 2n ** 60n + 1n,
  when: new Date("2026-11-21T21:53:16.854Z"),
  raw: Buffer.from("xyz\0"),
  array: NdArray.from([[1, 2], [3, 4]], "int32"),
  nested: { list: [1, "a", true], tiny: 1e-9 },
};

/** Models that Python and Node save, open, run, export and import in one store, each those of the other. */
export class Exchange {
  #python;
  #folder;
  #variables;
  #store;

  /**
   * @param {string} python The interpreter that has bentoml.
   * @param {string} folder An empty one.
   */
  constructor(python, folder) {
    this.#python = python;
    this.#folder = folder;
    this.#store = new ModelStore(join(folder, "store"));
    this.#variables = { BENTOML_HOME: this.#store.root, BENTOML_DO_NOT_TRACK: "True" };
  }

  /** Writes the models and the inputs of all cases as files. */
  async prepare() {
    await writeFile(join(this.#folder, "cases.json"), JSON.stringify(cases));
    for (const { name } of cases) {
      await outputOf(process.execPath, ["--import", "tsx", writeModel, name, this.#modelFile(name)]);
    }
  }

  /** What Python saves is listed, opened and run here with the same numbers, and its exports are imported. */
  async fromPython() {
    await this.#runPython("save", this.#folder);
    const told = JSON.parse(await readFile(join(this.#folder, "python.json"), "utf8"));
    for (const { name, batchable, inputs } of cases) {
      const { tag, outputs } = told[name];
      const model = get(`python-${name}:latest`, { store: this.#store });
      assert.equal(model.tag.toString(), tag);
      expectPythonInfo(model.info, batchable);
      expectSame(await resultOf(model, inputs, outputs), outputs);
    }
    return this.#importFromPython(told);
  }

  /** @param {Record<string, { tag: string, outputs: import("./cases.mjs").Tensors }>} told */
  async #importFromPython(told) {
    const [first] = cases;
    assert(first !== undefined);
    const other = new ModelStore(join(this.#folder, "node-other-store"));
    const archives = await readdir(join(this.#folder, "from-python"));
    for (const archive of archives) {
      const { tag } = await other.import(join(this.#folder, "from-python", archive));
      assert.equal(tag.toString(), told[first.name]?.tag);
      const outputs = told[first.name]?.outputs ?? {};
      expectSame(await resultOf(get(tag, { store: other }), first.inputs, outputs), outputs);
      other.delete(tag);
    }
    return `Node ran ${cases.length} models of Python's, and imported ${archives.sort().join(", ")}`;
  }

  /** What is saved here is listed, opened and run by Python with the same numbers, and imported from what is exported here. */
  async toPython() {
    const models = [];
    for (const { name, batchable, inputs } of cases) {
      const options = { store: this.#store, labels, metadata, signatures: { run: { batchable } } };
      const model = await saveModel(`node-${name}`, this.#modelFile(name), options);
      const outputNames = (model.info.signatures["run"]?.outputSpec ?? []).map((output) => output.name);
      const outputs = await resultOf(model, inputs, Object.fromEntries(outputNames.map((each) => [each, undefined])));
      models.push({ tag: model.tag.toString(), labels, batchable, inputs, outputs });
    }
    const archives = await this.#exportFirst();
    await writeFile(join(this.#folder, "node.json"), JSON.stringify({ models, archives }));
    const text = await this.#runPython("load", this.#folder);
    const table = await outputOf(this.#python, ["-m", "bentoml", "models", "list"], { variables: { ...this.#variables, COLUMNS: "200" } });
    for (const { tag } of models) assert(table.includes(tag), `bentoml models list does not show ${tag}:\n${table}`);
    return text;
  }

  async #exportFirst() {
    const target = join(this.#folder, "from-node");
    await mkdir(target);
    const tag = `node-${cases[0]?.name}:latest`;
    const paths = ["a.bentomodel", "a.tar.xz", "a.tar.gz", "a.tar"].map((name) => this.#store.export(tag, join(target, name)));
    return Promise.all([...paths, this.#store.export(tag, join(target, "a-folder"), { format: "folder" })]);
  }

  /** Whoever saves or deletes last, both sides find the same newest model. Aliases here do not disturb Python. */
  async latest() {
    const file = this.#modelFile("add-sub");
    /** @type {string[]} */
    const steps = [];
    const expectLatest = async (/** @type {string} */ tag) => {
      assert.equal(this.#store.get("shared:latest").tag.toString(), tag);
      assert.equal(await this.#runPython("latest", "shared"), tag);
      steps.push(tag);
    };
    await this.#runPython("save-one", "shared:p1", file);
    await expectLatest("shared:p1");
    await saveModel("shared:n1", file, { store: this.#store });
    this.#store.setAlias("shared:production", "shared:p1");
    await expectLatest("shared:n1");
    await this.#runPython("save-one", "shared:p2", file);
    await expectLatest("shared:p2");
    this.#store.delete("shared:p2");
    await expectLatest("shared:n1");
    assert.equal(this.#store.get("shared:production").tag.toString(), "shared:p1");
    return `latest was, to both sides, ${steps.join(", ")}`;
  }

  /** @param {string} name */
  #modelFile(name) {
    return join(this.#folder, `${name}.onnx`);
  }

  /** @param {...string} parameters */
  #runPython(...parameters) {
    return outputOf(this.#python, ["-W", "ignore", script, ...parameters], { variables: this.#variables, limitSeconds: 300 });
  }
}

/**
 * Runs a model by a runner with a worker of its own.
 *
 * @param {import("bentoml-onnx").OnnxModel} model
 * @param {import("./cases.mjs").Tensors} inputs
 * @param {Record<string, unknown>} outputs Their names, in order.
 * @returns {Promise<import("./cases.mjs").Tensors>}
 */
async function resultOf(model, inputs, outputs) {
  const runner = model.toRunner();
  try {
    const arrays = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, arrayOf(tensor)]));
    // The types of a model's arguments are those of its tag, which nobody knows here.
    const result = /** @type {NdArray | Record<string, NdArray>} */ (await runner.run(/** @type {never} */ (arrays)));
    const names = Object.keys(outputs);
    const byName = NdArray.isNdArray(result) ? { [names[0] ?? ""]: result } : result;
    return Object.fromEntries(Object.entries(byName).map(([name, array]) => [name, tensorOf(array)]));
  } finally {
    await runner.destroy();
  }
}

/**
 * @param {import("bentoml-core").ModelInfo} info
 * @param {boolean} batchable
 */
function expectPythonInfo(info, batchable) {
  assert.deepEqual(info.labels, labels);
  // Python writes a time as text, and reads it as text.
  assert.deepEqual(info.metadata, { ...metadata, when: "2026-11-21T21:53:16.854052", array: [2, 3, 4] });
  assert.deepEqual(info.signatures["run"], { batchable, batchDim: [0, 0] });
  assert.equal(info.module, "bentoml.onnx");
  assert.equal(info.context.bentomlVersion, "1.4.39");
}
