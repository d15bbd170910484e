import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidArgumentError, ModelExistsError, ModelNotFoundError } from "../errors/index.js";
import { Tag } from "../tag/index.js";
import { ModelStore, type ModelAlias, type SavedFacts, type StoredModel } from "./index.js";

let root: string;
let store: ModelStore;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "aliases-"));
  store = new ModelStore(root);
  for (const name of ["digits:v1", "digits:v2", "digits:v3", "resnet:v1"]) await save(name);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const facts: SavedFacts = { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };

function save(name: string): Promise<StoredModel> {
  return store.create({ name, module: "none" }, async () => facts);
}

function shown(aliases: readonly ModelAlias[]): string[] {
  return aliases.map(({ alias, tag }) => `${alias.toString()} ${tag.toString()}`);
}

test("an alias is one more version name, which moves only when it is set again", async () => {
  expect(shown([store.setAlias("digits:production", "digits:v2")])).toEqual(["digits:production digits:v2"]);
  expect(String(store.get("digits:production"))).toBe("digits:v2");
  expect(String(store.get(Tag.parse("digits:production")))).toBe("digits:v2");
  expect((await store.verify("digits:production")).model.tag.version).toBe("v2");
  expect(await store.export("digits:production", `${root}/`)).toBe(join(root, "digits-v2.bentomodel"));
  await save("digits:v4");
  expect(String(store.get("digits:production"))).toBe("digits:v2");
  store.setAlias("digits:production", "digits:v4");
  expect(String(store.get("digits:production"))).toBe("digits:v4");
  expect(readFileSync(join(root, "models", "digits", "@production"), "utf8")).toBe("v4");
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
});

test("an alias of the newest model, of a beginning or of an alias names the model that was meant then", () => {
  store.setAlias("digits:now", "digits");
  store.setAlias("digits:stable", "digits:now");
  store.setAlias("resnet:only", "resnet:v");
  expect(shown(store.aliases())).toEqual(["digits:now digits:v3", "digits:stable digits:v3", "resnet:only resnet:v1"]);
});

test("aliases are no models: they are neither listed nor deleted nor exported as such", () => {
  store.setAlias("digits:production", "digits:v2");
  expect(store.list().map(String)).toEqual(["digits:v1", "digits:v2", "digits:v3", "resnet:v1"]);
  expect(store.list("digits:production")).toEqual([]);
  expect(() => store.delete("digits:production")).toThrow(ModelNotFoundError);
});

test("a model that is saved by others under an alias goes before the alias", async () => {
  await save("digits:production");
  writeFileSync(join(root, "models", "digits", "@production"), "v1");
  expect(String(store.get("digits:production"))).toBe("digits:production");
});

test("an alias goes before versions that begin so", async () => {
  await save("digits:production-old");
  expect(String(store.get("digits:production"))).toBe("digits:production-old");
  store.setAlias("digits:production", "digits:v1");
  expect(String(store.get("digits:production"))).toBe("digits:v1");
});

test.each([
  ["digits:latest", "digits:v1", InvalidArgumentError, 'a word other than "latest", such as digits:production'],
  ["digits", "digits:v1", InvalidArgumentError, "digits cannot be an alias of digits:v1"],
  ["resnet:production", "digits:v1", InvalidArgumentError, "resnet:production cannot be an alias of digits:v1"],
  ["digits:v2", "digits:v1", ModelExistsError, "digits:v2 is a model"],
  ["digits:production", "digits:v9", ModelNotFoundError, "digits:v9 is not in the store"],
  ["digits:Pro/duction", "digits:v1", InvalidArgumentError, "not a valid version"],
])("%s for %s is refused", (alias, tag, error, message) => {
  expect(() => store.setAlias(alias, tag)).toThrow(error);
  expect(() => store.setAlias(alias, tag)).toThrow(message);
  expect(store.aliases()).toEqual([]);
});

test("a tag that is an alias cannot be saved or imported", async () => {
  await save("digits:production");
  const archive = await store.export("digits:production", join(root, "production.tar"));
  store.delete("digits:production");
  store.setAlias("digits:production", "digits:v2");
  for (const attempt of [save("digits:production"), store.import(archive)]) {
    await expect(attempt).rejects.toThrow(ModelExistsError);
    await expect(attempt).rejects.toThrow("digits:production is an alias, which stands for digits:v2");
  }
});

test("an alias can be removed, and the model stays", () => {
  store.setAlias("digits:production", "digits:v2");
  expect(shown([store.removeAlias("digits:production")])).toEqual(["digits:production digits:v2"]);
  expect(store.aliases()).toEqual([]);
  expect(() => store.get("digits:production")).toThrow(ModelNotFoundError);
  expect(() => store.removeAlias("digits:production")).toThrow("digits:production is no alias");
  expect(() => store.removeAlias("digits")).toThrow(ModelNotFoundError);
  expect(store.list("digits")).toHaveLength(3);
});

test("an alias whose model was deleted says so, and goes with the last model of its name", () => {
  store.setAlias("digits:production", "digits:v2");
  store.delete("digits:v2");
  expect(() => store.get("digits:production")).toThrow(ModelNotFoundError);
  expect(() => store.get("digits:production")).toThrow("digits:production is an alias of digits:v2, which is not in the store");
  store.delete("digits");
  expect(existsSync(join(root, "models", "digits"))).toBe(false);
  expect(store.aliases()).toEqual([]);
});

test("a file that holds no version is no alias", () => {
  for (const content of ["../../evil", "", "V1"]) writeFileSync(join(root, "models", "digits", "@production"), content);
  writeFileSync(join(root, "models", "digits", "@"), "v1");
  expect(store.aliases()).toEqual([]);
  expect(() => store.get("digits:production")).toThrow(ModelNotFoundError);
});

test("the option `aliases` maps text before anything is looked up, as model_aliases of the original", () => {
  const mapped = new ModelStore(root, { aliases: { "the best one": "digits:v2", resnet: "digits:v1", "resnet:v1": Tag.parse("digits") } });
  expect(String(mapped.get("the best one"))).toBe("digits:v2");
  expect(String(mapped.get("resnet"))).toBe("digits:v1");
  expect(String(mapped.get("resnet:v1"))).toBe("digits:v3");
  expect(String(mapped.get(Tag.parse("resnet")))).toBe("resnet:v1");
  expect(mapped.aliases()).toEqual([]);
  expect(() => mapped.get("constructor")).toThrow(ModelNotFoundError);
  expect(() => new ModelStore(root, { aliases: { bad: "a:b:c" } })).toThrow(InvalidArgumentError);
});
