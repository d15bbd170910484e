import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidArgumentError, ModelNotFoundError } from "../errors/index.js";
import { Tag } from "../tag/index.js";
import { ModelStore, type StoredModel } from "./index.js";

let root: string;
let store: ModelStore;

function save(name: string): Promise<StoredModel> {
  return store.create({ name, module: "none" }, async (draft) => {
    writeFileSync(draft.pathOf("weights.bin"), name);
    return { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };
  });
}

/** Rewrites a saved model's creation time, as if it had been saved then. */
function setCreationTime(model: StoredModel, time: string): void {
  const file = model.pathOf("model.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/creation_time: .*/, `creation_time: '${time}'`));
}

function everythingIn(folder: string): Record<string, number> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(["", ...paths].map((path) => [path, statSync(join(folder, path)).mtimeMs]));
}

function tags(models: readonly StoredModel[]): string[] {
  return models.map(String);
}

// The models are those of the Python original's own test of its store.
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "looking-up-"));
  store = new ModelStore(root);
  const third = await save("test:version3");
  setCreationTime(third, "2020-01-01T00:00:00.000000+00:00");
  for (const name of ["test:version1", "test:otherprefix", "test:version2", "test1:version1"]) await save(name);
  writeFileSync(join(root, "models", ".DS_store"), "");
  writeFileSync(join(root, "models", "test", ".DS_store"), "");
  mkdirSync(join(root, "models", "lost+found"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("lists by name and version, and ignores what is no model", () => {
  expect(tags(store.list())).toEqual(["test:otherprefix", "test:version1", "test:version2", "test:version3", "test1:version1"]);
  expect(tags(store.list("test"))).toEqual(["test:otherprefix", "test:version1", "test:version2", "test:version3"]);
  expect(tags(store.list("test:version1"))).toEqual(["test:version1"]);
  expect(tags(store.list("test:latest"))).toEqual(["test:version2"]);
  expect(store.list("nonexistent:latest")).toEqual([]);
  expect(store.list("test:version4")).toEqual([]);
  expect(() => store.list("nonexistent")).toThrow(ModelNotFoundError);
});

test("gets an exact version, the newest, and a version by the beginning that only it has", () => {
  expect(String(store.get("test:version1"))).toBe("test:version1");
  expect(String(store.get("test"))).toBe("test:version2");
  expect(String(store.get("test:latest"))).toBe("test:version2");
  expect(String(store.get("test:oth"))).toBe("test:otherprefix");
  expect(() => store.get("test:ver")).toThrow(InvalidArgumentError);
  expect(() => store.get("test:ver")).toThrow("version1, version2, version3");
  expect(() => store.get("nonexistent:latest")).toThrow(ModelNotFoundError);
  expect(() => store.get("test:version4")).toThrow(ModelNotFoundError);
});

test("an exact version wins over longer ones that begin like it", async () => {
  await save("test:version");
  expect(String(store.get("test:version"))).toBe("test:version");
});

test("D10: a tag that is asked for stays as it was", () => {
  for (const text of ["test", "test:latest", "test:oth"]) {
    const tag = Tag.parse(text);
    store.get(tag);
    expect(tag.toString()).toBe(text);
  }
});

test("deletes one version and moves latest to the newest that is left", () => {
  expect(tags(store.delete("test:version2"))).toEqual(["test:version2"]);
  expect(String(store.get("test"))).toBe("test:otherprefix");
  expect(readFileSync(join(root, "models", "test", "latest"), "utf8")).toBe("otherprefix");
  expect(() => store.delete("test:version4")).toThrow(ModelNotFoundError);
  expect(() => store.delete("test:oth")).toThrow(ModelNotFoundError);
  expect(tags(store.delete("test:latest"))).toEqual(["test:otherprefix"]);
});

test("deletes the last version with its name, and all versions of a name", () => {
  store.delete("test1:version1");
  expect(() => store.get("test1")).toThrow(ModelNotFoundError);
  expect(existsSync(join(root, "models", "test1"))).toBe(false);
  rmSync(join(root, "models", "test", ".DS_store"));
  expect(store.delete("test")).toHaveLength(4);
  expect(store.list()).toEqual([]);
  expect(existsSync(join(root, "models", "test"))).toBe(false);
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
});

test("an unknown tag is answered with what is there and how to see the rest", () => {
  expect(() => store.get("test1:v9")).toThrow(`test1:v9 is not in the store ${root}. There is test1:version1. See all with: bentoml models list`);
  expect(() => store.get("tset")).toThrow("There is test:otherprefix, test:version1");
  expect(() => store.get("something-else")).toThrow("No model there has such a name");
});

test("reading never writes: a missing or stale latest is worked out again and left alone", () => {
  const latest = join(root, "models", "test", "latest");
  for (const content of [undefined, "gone", "../../evil", "", "version2\n"]) {
    if (content === undefined) rmSync(latest);
    else writeFileSync(latest, content);
    const before = everythingIn(root);
    expect(String(store.get("test"))).toBe("test:version2");
    store.list();
    expect(everythingIn(root)).toEqual(before);
  }
});

test("latest is believed while its version is there, as a person or Python may have set it", () => {
  writeFileSync(join(root, "models", "test", "latest"), "version1");
  expect(String(store.get("test"))).toBe("test:version1");
});
