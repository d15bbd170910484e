import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidArgumentError, InvalidModelError, ModelExistsError, NotFoundError } from "../../errors/index.js";
import { ModelStore, type ExportFormat, type SavedFacts, type StoredModel } from "../index.js";
import { END, member, modelTar, yamlOf } from "./made-tar.testing.js";

let root: string;
let store: ModelStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "archive-"));
  store = new ModelStore(join(root, "store"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const facts: SavedFacts = { signatures: {}, frameworkName: "onnx", frameworkVersions: {}, apiVersion: "v2" };
const weights = Buffer.alloc(300_000, "weights ");

function save(target: ModelStore, name = "digits:v1"): Promise<StoredModel> {
  return target.create({ name, module: "bentoml.onnx", adapter: "bentoml-onnx", labels: { stage: "test" } }, async (draft) => {
    writeFileSync(draft.pathOf("saved_model.onnx"), weights);
    mkdirSync(draft.pathOf("variables/empty"), { recursive: true });
    writeFileSync(draft.pathOf(`variables/${"long-name-".repeat(20)}.bin`), "long");
    writeFileSync(draft.pathOf("ünï ©.txt"), "unicode");
    return facts;
  });
}

function tarWith(...members: Buffer[]): string {
  const path = join(root, "made.tar");
  writeFileSync(path, modelTar(...members));
  return path;
}

test.each<[string, ExportFormat | undefined]>([
  ["digits.bentomodel", undefined],
  ["digits.tar.xz", undefined],
  ["digits.tar.gz", undefined],
  ["digits.tgz", undefined],
  ["digits.tar", undefined],
  ["misleading.tar.gz", "bentomodel"],
  ["without-ending", "tar"],
  ["as-folder", "folder"],
  ["python-name", "xz" as ExportFormat],
  ["python-name", "gz" as ExportFormat],
])("a model exported to %s in the format %j is imported again, whole", async (name, format) => {
  const model = await save(store);
  const path = await store.export("digits:v1", join(root, name), format === undefined ? {} : { format });
  expect(path).toBe(join(root, name));
  const other = new ModelStore(join(root, "other"));
  const imported = await other.import(path);
  expect(imported.info).toEqual(model.info);
  expect(readFileSync(imported.pathOf("saved_model.onnx")).equals(weights)).toBe(true);
  expect(readFileSync(imported.pathOf("ünï ©.txt"), "utf8")).toBe("unicode");
  expect(existsSync(imported.pathOf("variables/empty"))).toBe(true);
  expect(await other.verify("digits")).toMatchObject({ manifest: "matches", files: 3 });
  expect(String(other.get("digits"))).toBe("digits:v1");
});

test("members of an archive are rooted at ./, as in the Python original", async () => {
  await save(store);
  const path = await store.export("digits:v1", join(root, "digits.tar"));
  const names = execFileSync("tar", ["-tf", path], { encoding: "utf8" }).trim().split("\n");
  expect(names).toContain("./model.yaml");
  expect(names.every((name) => name.startsWith("./"))).toBe(true);
});

test("the name of an export follows from the path", async () => {
  await save(store);
  mkdirSync(join(root, "folder"));
  expect(await store.export("digits", join(root, "folder"))).toBe(join(root, "folder", "digits-v1.bentomodel"));
  expect(await store.export("digits", `${join(root, "new")}/`, { format: "tar.gz" })).toBe(join(root, "new", "digits-v1.tar.gz"));
  expect(await store.export("digits", join(root, "digits.weird"))).toBe(join(root, "digits.weird.bentomodel"));
  expect(await store.export("digits", join(root, "folder"), { format: "folder" })).toBe(join(root, "folder", "digits-v1"));
  for (const format of ["rar", "zip", "bz2"]) {
    const refusal = store.export("digits", root, { format: format as ExportFormat });
    await expect(refusal).rejects.toThrow(InvalidArgumentError);
    await expect(refusal).rejects.toThrow("Use one of: bentomodel, tar.gz, tar, folder.");
  }
  expect(readdirSync(root).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.each<[ExportFormat]>([["tar"], ["folder"]])("an export as %s that fails leaves nothing behind", async (format) => {
  const model = await save(store);
  symlinkSync("/etc/hostname", join(model.path, "link"));
  await expect(store.export("digits", join(root, "out", "digits"), { format })).rejects.toThrow("neither a file nor a folder");
  expect(readdirSync(join(root, "out"))).toEqual([]);
});

test("a model is copied into an empty folder, and into no other", async () => {
  const model = await save(store);
  mkdirSync(join(root, "folder", "digits-v1"), { recursive: true });
  const path = await store.export("digits", join(root, "folder"), { format: "folder" });
  expect(readdirSync(path, { recursive: true }).sort()).toEqual(readdirSync(model.path, { recursive: true }).sort());
  expect(readFileSync(join(path, "saved_model.onnx")).equals(weights)).toBe(true);
  writeFileSync(join(path, "saved_model.onnx"), "of somebody else");
  await expect(store.export("digits", join(root, "folder"), { format: "folder" })).rejects.toThrow(InvalidArgumentError);
  expect(readFileSync(join(path, "saved_model.onnx"), "utf8")).toBe("of somebody else");
  expect(readdirSync(join(root, "folder"))).toEqual(["digits-v1"]);
});

test("an address is no path: it is refused by name, and no folder is made for it", async () => {
  await save(store);
  const cure = "models are imported and exported as files of this machine only";
  await expect(store.export("digits", "s3://bucket/digits.bentomodel")).rejects.toThrow(`s3://bucket/digits.bentomodel is an address, and ${cure}`);
  await expect(store.import("https://example.org/digits.tar")).rejects.toThrow(cure);
  expect(existsSync("s3:")).toBe(false);
});

test("hard-linked files are exported as files", async () => {
  const model = await save(store);
  rmSync(model.pathOf("ünï ©.txt"));
  linkSync(model.pathOf("saved_model.onnx"), model.pathOf("ünï ©.txt"));
  const path = await store.export("digits", join(root, "digits.tar"));
  expect(execFileSync("tar", ["-tvf", path], { encoding: "utf8" })).not.toContain("link to");
});

test("an existing tag is an error, and nothing of the import stays", async () => {
  await save(store);
  const path = await store.export("digits", join(root, "digits.tar"));
  await expect(store.import(path)).rejects.toThrow(ModelExistsError);
  expect(readdirSync(join(root, "store", "tmp"))).toEqual([]);
});

test("an import moves latest only when it is newer than what is there", async () => {
  const other = new ModelStore(join(root, "other"));
  await save(store, "digits:old");
  await save(other, "digits:middle");
  await save(store, "digits:new");
  await other.import(await store.export("digits:old", join(root, "old.tar")));
  expect(String(other.get("digits"))).toBe("digits:middle");
  expect(readFileSync(join(root, "other", "models", "digits", "latest"), "utf8")).toBe("middle");
  await other.import(await store.export("digits:new", join(root, "new.tar")));
  expect(readFileSync(join(root, "other", "models", "digits", "latest"), "utf8")).toBe("new");
});

test("a folder is imported without being changed", async () => {
  const folder = join(root, "folder");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "model.yaml"), yamlOf("py:v2"));
  writeFileSync(join(folder, "sub", "weights.bin"), "abc");
  const model = await store.import(folder);
  expect(String(model)).toBe("py:v2");
  expect(readFileSync(model.pathOf("sub/weights.bin"), "utf8")).toBe("abc");
  expect(readdirSync(folder).sort()).toEqual(["model.yaml", "sub"]);
  expect(await store.verify("py")).toMatchObject({ manifest: "absent" });
});

test("a folder with a link in it is refused", async () => {
  const folder = join(root, "folder");
  mkdirSync(folder);
  writeFileSync(join(folder, "model.yaml"), yamlOf());
  symlinkSync("/etc/hostname", join(folder, "weights.bin"));
  await expect(store.import(folder)).rejects.toThrow(InvalidModelError);
  expect(store.list()).toEqual([]);
});

test("damaged and foreign files are named", async () => {
  const write = (content: Uint8Array | string): string => {
    const path = join(root, "file");
    writeFileSync(path, content);
    return path;
  };
  const tar = readFileSync(tarWith(member({ path: "weights", type: "File" }, Buffer.alloc(5000, 1))));
  await expect(store.import(join(root, "absent"))).rejects.toThrow(NotFoundError);
  await expect(store.import(write("hello"))).rejects.toThrow("no archive of a model");
  await expect(store.import(write(""))).rejects.toThrow("no archive of a model");
  await expect(store.import(write(Buffer.alloc(2000, 0x80)))).rejects.toThrow("no archive of a model");
  await expect(store.import(write("PK\u0003\u0004"))).rejects.toThrow("a zip file");
  await expect(store.import(write("BZh91AY"))).rejects.toThrow("a bzip2 file");
  await expect(store.import(write(tar.subarray(0, 3000)))).rejects.toThrow("cut off");
  await expect(store.import(write(tar.subarray(0, tar.length - 1024)))).rejects.toThrow("cut off");
  await expect(store.import(write(gzipSync(tar).subarray(0, 100)))).rejects.toThrow("gzip data");
  await expect(store.import(write(Buffer.concat([member({ path: "weights", type: "File" }, "x"), END])))).rejects.toThrow("model.yaml");
  expect(store.list()).toEqual([]);
});

/** By Python's tarfile, mode "w:xz": the model.yaml of `yamlOf()` and 8000 bytes of weights. */
const PYTHON_BENTOMODEL =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4E//AURdABcLyieJiLC0qzpyRjnGRvC7mWFn/uU0fzwPZDFd4FwtnMlVI3aoI1Ho7qzF4R4y6rtqvi7rUxCZNOo4nZpSI2DIoJJ2HhwE+GeN462aqpPUdjH7bJH6heggF/HdvM46El4MxWn8n+hFJex6XHVpk2CaLXo1sWcuoQC6QxPTuA59xZcpYYh0MujhJkaXg9Nn5mziaapNIX/k1xQOp/ZExPBOtL+10HScF0xScMUemRLbMfh31tF85/BszozoS4SGVzbrU8I+TWncb8qIfwuby9LwgZGpzI5cXuXhybbTsl4uUh37AIXsejnUxesU5i4E0cdy5vSrW/L+a6j1CCRFGvO8YqBkF0Gh1L6QaRScNdNF3kMWkZjybv+oFyIrijpEppmnmu6rzmbi+FcRz60RxdV8i7TjDeA5KO6rATpND5GcrR8AAADZrS6JvRVX/gAB4AKAoAEAJUbrgrHEZ/sCAAAAAARZWg==";

test("an archive that Python wrote is imported", async () => {
  const path = join(root, "py.bentomodel");
  writeFileSync(path, Buffer.from(PYTHON_BENTOMODEL, "base64"));
  const model = await store.import(path);
  expect(String(model)).toBe("py:v1");
  expect(readFileSync(model.pathOf("weights.bin"), "utf8")).toBe("weights ".repeat(1000));
});

test("an archive that Python wrote, cut off or changed, is refused and nothing stays", async () => {
  const path = join(root, "py.bentomodel");
  const bytes = Buffer.from(PYTHON_BENTOMODEL, "base64");
  for (let at = 40; at < bytes.length; at += 20) {
    writeFileSync(path, bytes.subarray(0, at));
    await expect(store.import(path), `cut at ${at}`).rejects.toThrow("cut off");
    writeFileSync(path, Buffer.from(bytes).fill(bytes[at]! ^ 1, at, at + 1));
    await expect(store.import(path), `byte ${at}`).rejects.toThrow(InvalidModelError);
  }
  expect(store.list()).toEqual([]);
  expect(readdirSync(join(root, "store", "tmp"))).toEqual([]);
});

test("the magic bytes decide, not the name", async () => {
  const tar = readFileSync(tarWith());
  const path = join(root, "digits.bentomodel");
  writeFileSync(path, gzipSync(tar));
  expect(String(await store.import(path))).toBe("py:v1");
});

test("an archive whose files do not match its checksums is refused", async () => {
  await save(store);
  const path = await store.export("digits", join(root, "digits.tar.gz"));
  const tar = gunzipSync(readFileSync(path));
  tar[tar.indexOf("weights weights")] = 0x57;
  writeFileSync(path, gzipSync(tar));
  const other = new ModelStore(join(root, "other"));
  await expect(other.import(path)).rejects.toThrow("saved_model.onnx has changed");
  expect(other.list()).toEqual([]);
});

test("a model that is called latest cannot be imported", async () => {
  const folder = join(root, "folder");
  mkdirSync(folder);
  writeFileSync(join(folder, "model.yaml"), yamlOf("py:latest"));
  await expect(store.import(folder)).rejects.toThrow('"latest" always means the newest');
});
