import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asUnprivileged } from "./as-unprivileged.testing.js";
import { ModelStore, type SavedFacts, type StoredModel } from "./index.js";

let folder: string;
let root: string;
let store: ModelStore;

const facts: SavedFacts = { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };

function save(target: ModelStore, name: string): Promise<StoredModel> {
  return target.create({ name, module: "none" }, async (draft) => {
    writeFileSync(draft.pathOf("weights.bin"), name);
    return facts;
  });
}

/** Takes away or gives the right to write to a folder and all folders in it. */
function setWritable(path: string, writable: boolean): void {
  const inner = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const each of [path, ...inner.map((entry) => join(entry.parentPath, entry.name))]) chmodSync(each, writable ? 0o755 : 0o555);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "read-only-"));
  chmodSync(folder, 0o777);
  root = join(folder, "store");
  store = new ModelStore(root);
  for (const name of ["digits:v1", "digits:v2", "resnet:v1"]) await save(store, name);
  store.setAlias("digits:production", "digits:v1");
  // Loads the code for archives while everybody may.
  rmSync(await store.export("digits", join(folder, "first.tar")));
});

afterEach(() => {
  setWritable(folder, true);
  rmSync(folder, { recursive: true, force: true });
});

// On Windows these permissions mean nothing.
describe.skipIf(process.platform === "win32")("a store that may not be written to", () => {
  beforeEach(() => setWritable(root, false));

  test("is read, verified and exported from, and stays as it was", async () => {
    const before = readdirSync(root, { recursive: true }).sort();
    await asUnprivileged(async () => {
      expect(String(store.get("digits"))).toBe("digits:v2");
      expect(String(store.get("digits:production"))).toBe("digits:v1");
      expect(store.list().map(String)).toEqual(["digits:v1", "digits:v2", "resnet:v1"]);
      expect(store.aliases()).toHaveLength(1);
      expect(await store.verify("digits:v1")).toMatchObject({ manifest: "matches", files: 1 });
      const archive = await store.export("digits", `${folder}/`);
      expect(String(await new ModelStore(join(folder, "other")).import(archive))).toBe("digits:v2");
    });
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
  });

  test.each<[string, () => unknown]>([
    ["saving", () => save(store, "digits:v3")],
    ["importing", async () => store.import(join(root, "models", "digits", "v1"))],
    ["deleting", async () => store.delete("digits:v1")],
    ["setting an alias", async () => store.setAlias("digits:new", "digits:v2")],
    ["removing an alias", async () => store.removeAlias("digits:production")],
  ])("%s is answered with the folder's name", async (_name, change) => {
    const error: unknown = await asUnprivileged(async () => Promise.resolve(change()).catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: "STORE_NOT_WRITABLE", message: expect.stringContaining(root) });
    expect((error as Error).message).toMatch(/^The folder \S+ of the model store cannot be written to: EACCES.*BENTOML_HOME\.$/);
    expect(store.list().map(String)).toEqual(["digits:v1", "digits:v2", "resnet:v1"]);
  });
});

describe.skipIf(process.platform === "win32")("a store that may be written to in part", () => {
  test("says which folder of a name may not", async () => {
    chmodSync(join(root, "tmp"), 0o777);
    chmodSync(join(root, "models"), 0o777);
    const nameFolder = join(root, "models", "digits");
    for (const change of [() => save(store, "digits:v3"), async () => store.delete("digits:v1")]) {
      const error: unknown = await asUnprivileged(() => change().catch((reason: unknown) => reason));
      expect(error).toMatchObject({ code: "STORE_NOT_WRITABLE", message: expect.stringContaining(`The folder ${nameFolder} of`) });
    }
    expect(String(await asUnprivileged(() => save(store, "other:v1")))).toBe("other:v1");
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("takes models when only its folder models may be written to, as a disk of its own often is", async () => {
    const other = join(folder, "mounted");
    mkdirSync(join(other, "models"), { recursive: true });
    chmodSync(join(other, "models"), 0o777);
    chmodSync(other, 0o555);
    const mounted = new ModelStore(other);
    await asUnprivileged(async () => {
      expect(String(await save(mounted, "digits:v1"))).toBe("digits:v1");
    });
    expect(readdirSync(join(other, "models"))).toEqual(["digits"]);
    expect(readdirSync(other)).toEqual(["models"]);
  });
});

describe("models that are mounted", () => {
  test("are found below models, also when name and version are links", async () => {
    const mounts = join(folder, "mnt");
    mkdirSync(join(mounts, "models", "digits"), { recursive: true });
    symlinkSync(join(root, "models", "digits", "v1"), join(mounts, "models", "digits", "v1"));
    symlinkSync(join(root, "models", "resnet"), join(mounts, "models", "resnet"));
    const mounted = new ModelStore(mounts);
    expect(mounted.list().map(String)).toEqual(["digits:v1", "resnet:v1"]);
    expect(String(mounted.get("digits"))).toBe("digits:v1");
    expect(await mounted.verify("digits")).toMatchObject({ manifest: "matches" });
    expect(statSync(await mounted.export("digits", `${folder}/`)).size).toBeGreaterThan(0);
  });

  test("are not found in the folder models itself, and the error says which folder to give", () => {
    const mounts = join(folder, "mnt");
    mkdirSync(mounts);
    renameSync(join(root, "models"), join(mounts, "models"));
    const wrong = new ModelStore(join(mounts, "models"));
    expect(() => wrong.get("digits")).toThrow(`has no folder "models" of its own: the store may be ${mounts}.`);
    expect(String(new ModelStore(mounts).get("digits"))).toBe("digits:v2");
  });
});
