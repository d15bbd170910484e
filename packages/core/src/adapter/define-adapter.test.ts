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
