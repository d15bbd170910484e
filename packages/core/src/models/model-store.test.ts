import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InvalidArgumentError, InvalidModelError, ModelExistsError } from "../errors/index.js";
import { ModelStore, type ModelDraft, type SavedFacts, type StoredModel } from "./index.js";

let root: string;
let store: ModelStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "model-store-"));
  store = new ModelStore(root);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const facts: SavedFacts = {
  signatures: { run: { batchable: true, batchDim: [0, 0] } },
  options: { providers: ["CPUExecutionProvider"] },
  frameworkName: "onnx",
  frameworkVersions: { "onnxruntime-node": "1.30.0" },
  apiVersion: "v2",
};

async function writeWeights(draft: ModelDraft): Promise<SavedFacts> {
  writeFileSync(draft.pathOf("saved_model.onnx"), "weights");
  return facts;
}

function save(name: string, write = writeWeights): Promise<StoredModel> {
  return store.create({ name, module: "bentoml.onnx", adapter: "bentoml-onnx" }, write);
}

function tags(models: readonly StoredModel[]): string[] {
  return models.map(String);
}

function latestFile(name: string): string {
  return readFileSync(join(root, "models", name, "latest"), "utf8");
}

test("D10: a saved model lies in the store itself, not in a temporary folder, with its facts", async () => {
  const model = await store.create(
    { name: "digits:v1", module: "bentoml.onnx", adapter: "bentoml-onnx", labels: { stage: "test" }, metadata: { score: 0.97 } },
    writeWeights,
  );
  expect(model.path).toBe(join(root, "models", "digits", "v1"));
  expect(readFileSync(model.pathOf("saved_model.onnx"), "utf8")).toBe("weights");
  expect(model.info).toMatchObject({
    name: "digits", version: "v1", module: "bentoml.onnx", adapter: "bentoml-onnx", labels: { stage: "test" }, metadata: { score: 0.97 },
    options: facts.options, signatures: facts.signatures, apiVersion: "v2", context: { frameworkName: "onnx", pythonVersion: "" },
  });
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  expect(model.info.context.bentomlVersion).toBe(version);
  expect(Math.abs(new Date().getTime() - model.info.creationTime.getTime())).toBeLessThan(60_000);
  expect(store.get("digits").info).toEqual(model.info);
  expect(() => model.pathOf("../../secret")).toThrow(InvalidArgumentError);
  expect(() => model.pathOf("/etc/passwd")).toThrow(InvalidArgumentError);
});

test("a missing version is made up, and the one saved last is the newest, however fast", async () => {
  const models: StoredModel[] = [];
  for (let count = 0; count < 5; count++) models.push(await save("digits"));
  expect(new Set(tags(models)).size).toBe(5);
  expect(String(store.get("digits"))).toBe(String(models[4]));
  rmSync(join(root, "models", "digits", "latest"));
  expect(String(store.get("digits"))).toBe(String(models[4]));
});

test("D10: latest cannot be saved, and a taken tag is refused before anything is written", async () => {
  const write = vi.fn(writeWeights);
  await expect(save("digits:latest", write)).rejects.toThrow(InvalidArgumentError);
  await save("digits:v1");
  await expect(save("digits:v1", write)).rejects.toThrow(ModelExistsError);
  await expect(save("digits:v1", write)).rejects.toThrow("bentoml models delete digits:v1");
  expect(write).not.toHaveBeenCalled();
});

test("of several savers of one tag exactly one wins, and its files are whole", async () => {
  const saves = Array.from({ length: 8 }, (_, index) =>
    save("digits:v1", async (draft) => {
      writeFileSync(draft.pathOf("a"), `${index}`);
      await new Promise(setImmediate);
      writeFileSync(draft.pathOf("b"), `${index}`);
      return facts;
    }),
  );
  const results = await Promise.allSettled(saves);
  const lost = results.filter((result) => result.status === "rejected");
  expect(lost).toHaveLength(7);
  expect(lost.every((result) => result.reason instanceof ModelExistsError)).toBe(true);
  const model = store.get("digits:v1");
  expect(readFileSync(model.pathOf("a"), "utf8")).toBe(readFileSync(model.pathOf("b"), "utf8"));
  expect((await store.verify("digits:v1")).manifest).toBe("matches");
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
});

test("many savers of one name at the same time leave latest at the newest", async () => {
  const models = await Promise.all(Array.from({ length: 8 }, () => save("digits")));
  const newest = models.reduce((left, right) => (left.info.creationTimeText > right.info.creationTimeText ? left : right));
  expect(latestFile("digits")).toBe(newest.tag.version);
});

test.each<[string, (draft: ModelDraft) => Promise<SavedFacts>]>([
  ["the writer throws half way", async (draft) => {
    writeFileSync(draft.pathOf("half"), "x");
    throw new Error("disk full");
  }],
  ["the writer writes model.yaml itself", async (draft) => {
    writeFileSync(draft.pathOf("model.yaml"), "name: x");
    return facts;
  }],
  ["the writer leaves a link", async (draft) => {
    symlinkSync("/etc/hostname", draft.pathOf("link"));
    return facts;
  }],
  ["a fact cannot be written", async () => ({ ...facts, options: { session: () => 1 } })],
  ["a batch dim is wrong", async () => ({ ...facts, signatures: { run: { batchable: true, batchDim: [0, -1] } } })],
  ["the folder is removed under the save", async (draft) => {
    rmSync(draft.path, { recursive: true });
    return facts;
  }],
])("nothing is left when %s", async (_name, write) => {
  await save("other:v1");
  await expect(save("digits:v1", write)).rejects.toThrow();
  expect(tags(store.list())).toEqual(["other:v1"]);
  expect(readdirSync(join(root, "models"))).toEqual(["other"]);
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
  expect(String(await save("digits:v1"))).toBe("digits:v1");
});

test("a mistake in the description shows before the files are written", async () => {
  const write = vi.fn(writeWeights);
  await expect(store.create({ name: "digits", module: "m", metadata: { a: null } }, write)).rejects.toThrow("metadata.a is null");
  await expect(store.create({ name: "digits", module: "m", labels: { a: null } as never }, write)).rejects.toThrow("labels.a");
  expect(write).not.toHaveBeenCalled();
});

test("a latest file that cannot be written does not fail the save", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await save("digits:v1");
  rmSync(join(root, "models", "digits", "latest"));
  mkdirSync(join(root, "models", "digits", "latest"));
  await expect(save("digits:v2")).resolves.toBeDefined();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("latest could not be written"), { type: "BentoMLWarning", code: "BENTOML_LATEST_NOT_WRITTEN" });
  expect(String(store.get("digits"))).toBe("digits:v2");
});

test("an empty version folder, as a Python process that died leaves it, is no model and can be taken", async () => {
  mkdirSync(join(root, "models", "digits", "v1"), { recursive: true });
  expect(store.list()).toEqual([]);
  expect(() => store.get("digits:v1")).toThrow(InvalidModelError);
  await save("digits:v1");
  expect(String(store.get("digits:v1"))).toBe("digits:v1");
});

test("a model that cannot be read is left out of the list with a warning, named when asked for, and can be deleted", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const broken = await save("digits:v2");
  await save("digits:v1");
  writeFileSync(broken.pathOf("model.yaml"), "name: [");
  expect(tags(store.list())).toEqual(["digits:v1"]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("digits:v2 is left out"), { type: "BentoMLWarning", code: "BENTOML_MODEL_UNREADABLE" });
  expect(() => store.get("digits:v2")).toThrow(`${broken.pathOf("model.yaml")} is malformed`);
  expect(store.delete("digits:v2")).toEqual([]);
  expect(existsSync(broken.path)).toBe(false);
});

test("a model in a folder of another tag is not taken for that tag", async () => {
  const model = await save("digits:v1");
  cpSync(model.path, join(root, "models", "digits", "v2"), { recursive: true });
  expect(() => store.get("digits:v2")).toThrow("says that it is digits:v1");
});

test("a store that is mounted by way of links is read", async () => {
  await save("digits:v1");
  const mounted = mkdtempSync(join(tmpdir(), "mounted-"));
  mkdirSync(join(mounted, "models"));
  symlinkSync(join(root, "models", "digits"), join(mounted, "models", "digits"));
  expect(tags(new ModelStore(mounted).list())).toEqual(["digits:v1"]);
  rmSync(mounted, { recursive: true });
});

test("a store that is not there yet is empty, and reading does not make it", () => {
  const absent = new ModelStore(join(root, "absent"));
  expect(absent.list()).toEqual([]);
  expect(() => absent.get("digits")).toThrow(join(root, "absent"));
  expect(existsSync(join(root, "absent"))).toBe(false);
});

test("verify names the first file that differs", async () => {
  const model = await save("digits:v1", async (draft) => {
    mkdirSync(draft.pathOf("sub"));
    for (const file of ["a.bin", "b.bin", "sub/c.bin"]) writeFileSync(draft.pathOf(file), file);
    return facts;
  });
  expect(await store.verify("digits")).toMatchObject({ manifest: "matches", files: 3 });
  writeFileSync(model.pathOf("sub/c.bin"), "changed");
  await expect(store.verify("digits")).rejects.toThrow("sub/c.bin has changed");
  writeFileSync(model.pathOf("b.bin"), "B.BIN");
  await expect(store.verify("digits")).rejects.toThrow("b.bin has changed");
  linkSync(model.pathOf("b.bin"), model.pathOf("added.bin"));
  await expect(store.verify("digits")).rejects.toThrow("added.bin was added");
  rmSync(model.pathOf("a.bin"));
  await expect(store.verify("digits")).rejects.toThrow("a.bin is missing");
  await expect(store.verify("digits")).rejects.toThrow(InvalidModelError);
});

test("the default store is BENTOML_HOME as it is now, or bentoml in the home folder", () => {
  vi.stubEnv("BENTOML_HOME", root);
  expect(ModelStore.default().root).toBe(root);
  vi.stubEnv("BENTOML_HOME", "~/elsewhere");
  expect(ModelStore.default().root).toBe(join(homedir(), "elsewhere"));
  vi.stubEnv("BENTOML_HOME", "");
  expect(ModelStore.default().root).toBe(join(homedir(), "bentoml"));
});
