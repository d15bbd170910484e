import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelStore } from "../models/index.js";
import { defineAdapter } from "./define-adapter.js";

let root: string;
let store: ModelStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "define-adapter-"));
  store = new ModelStore(root);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Threads {
  readonly threads?: number;
  readonly device?: string;
}

const adapter = defineAdapter<string, Threads, { readonly encoding?: string }>({
  name: "bentoml-text",
  module: "bentoml.text",
  pythonModules: [],
  apiVersion: "v1",
  runnerOptions: ["threads", "device"],
  saveOptions: ["encoding"],
  runnable: (_model, { threads, device }) => ({ module: "file:///text.js", export: "Text", params: { threads, device }, methods: { run: {} } }),
  save: async (draft, text) => {
    writeFileSync(draft.pathOf("text.txt"), text);
    return { signatures: {}, frameworkName: "text", frameworkVersions: {}, apiVersion: "v1" };
  },
  load: async (model, { threads }) => `${readFileSync(model.pathOf("text.txt"), "utf8")} ${threads ?? "?"}`,
});

test("withOptions gives a copy with options, which those of a call go before, and nothing is written", async () => {
  const model = await adapter.saveModel("text:v1", "hello", { store });
  const yaml = readFileSync(join(model.path, "model.yaml"), "utf8");
  const fast = model.withOptions({ threads: 4, device: "cpu" });
  const faster = fast.withOptions({ threads: 8 });
  expect(model.toRunnable().params).toEqual({});
  expect(fast.toRunnable().params).toEqual({ threads: 4, device: "cpu" });
  expect(faster.toRunnable().params).toEqual({ threads: 8, device: "cpu" });
  expect(faster.toRunnable({ threads: 1 }).params).toEqual({ threads: 1, device: "cpu" });
  expect(faster.tag).toBe(model.tag);
  expect(await adapter.loadModel(faster)).toBe("hello 8");
  expect(await adapter.loadModel(faster, { threads: 2 })).toBe("hello 2");
  expect(readFileSync(join(model.path, "model.yaml"), "utf8")).toBe(yaml);
});

test("labels and metadata are saved with the model, and it is found by an alias", async () => {
  await adapter.saveModel("text:v1", "old", { store, labels: { stage: "live" }, metadata: { score: 0.5 } });
  await adapter.saveModel("text:v2", "new", { store });
  store.setAlias("text:production", "text:v1");
  const model = adapter.get("text:production", { store });
  expect(model.tag.toString()).toBe("text:v1");
  expect(model.info).toMatchObject({ labels: { stage: "live" }, metadata: { score: 0.5 } });
});

test("an option that neither runners nor the adapter have is refused, with a near one", async () => {
  const model = await adapter.saveModel("text:v1", "hello", { store });
  const misspelt = { threats: 4 } as Threads;
  const refusal = 'A runner of bentoml-text has no option "threats", did you mean "threads"?';
  expect(() => model.withOptions(misspelt)).toThrow(refusal);
  expect(() => model.toRunner(misspelt)).toThrow(refusal);
  expect(() => model.toRunnable(misspelt)).toThrow(refusal);
  await expect(adapter.loadModel(model, misspelt)).rejects.toThrow('loadModel of bentoml-text has no option "threats"');
  expect(model.toRunner({ threads: 4, maxBatchSize: 8 }).methods["run"]?.name).toBe("run");
});

test("saveModel refuses options that the adapter does not have, and saves nothing", async () => {
  const misspelt = { store, encodign: "utf8" };
  await expect(adapter.saveModel("text:v1", "hello", misspelt)).rejects.toThrow('saveModel of bentoml-text has no option "encodign", did you mean "encoding"?');
  expect(store.list()).toEqual([]);
  await adapter.saveModel("text:v1", "hello", { store, encoding: "utf8", labels: {}, metadata: {} });
});

/** As an adapter in JavaScript, or one built for another core, may say it. */
function adapterOf(apiVersion: string, layouts?: readonly string[], saved = "v2"): typeof adapter {
  return defineAdapter({
    name: "bentoml-text",
    module: "bentoml.text",
    pythonModules: [],
    apiVersion: apiVersion as "v1",
    ...(layouts === undefined ? {} : { layouts }),
    runnable: () => ({ module: "file:///text.js", export: "Text", params: {}, methods: { run: {} } }),
    save: async () => ({ signatures: {}, frameworkName: "text", frameworkVersions: {}, apiVersion: saved }),
    load: async () => "loaded",
  });
}

test.each([
  ["v2", /^bentoml-text is an adapter of version "v2", and bentoml-core \S+ speaks "v1"\. Update bentoml-core: npm i bentoml-core@latest\.$/],
  ["v0", /^bentoml-text is an adapter of version "v0", and bentoml-core \S+ speaks "v1"\. Update bentoml-text: npm i bentoml-text@latest\.$/],
])("an adapter of the contract %s is refused when it is made, and says what to update", (version, message) => {
  expect(() => adapterOf(version)).toThrow(expect.objectContaining({ code: "ADAPTER_VERSION", message: expect.stringMatching(message) }));
});

test("a model that a newer release of the adapter saved is refused, and says what to update", async () => {
  await adapterOf("v1", undefined, "v3").saveModel("text:v1", "hello", { store });
  const { get, loadModel } = adapterOf("v1", ["v1", "v2"]);
  const refusal = expect.objectContaining({
    code: "MODEL_LAYOUT",
    message: expect.stringMatching(
      /^Model text:v1 was saved by a release for bentoml-core \S+ in the file layout "v3"; the installed bentoml-text opens "v1", "v2"\. Update it: npm i bentoml-text@latest\.$/,
    ),
  });
  expect(() => get("text:v1", { store })).toThrow(refusal);
  await expect(loadModel("text:v1", { store })).rejects.toThrow(refusal);
});

test("a model of a layout that is opened no more is to be saved again; all others are opened, and any where none are named", async () => {
  await adapterOf("v1", undefined, "v1").saveModel("text:v1", "hello", { store });
  expect(() => adapterOf("v1", ["v2"]).get("text:v1", { store })).toThrow('in the file layout "v1"; the installed bentoml-text opens "v2". Save the model again with it.');
  expect(adapterOf("v1", ["v1", "v2"]).get("text:v1", { store }).tag.toString()).toBe("text:v1");
  expect(adapterOf("v1").get("text:v1", { store }).tag.toString()).toBe("text:v1");
});

test("a model of another installed copy of core is taken as it is", async () => {
  const model = await adapter.saveModel("text:v1", "hello", { store });
  const foreign = { stored: model.stored, options: { threads: 3 }, tag: model.tag };
  expect(await adapter.loadModel(foreign as unknown as typeof model)).toBe("hello 3");
});
