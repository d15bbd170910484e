import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Header, type HeaderData } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidArgumentError, InvalidModelError, ModelExistsError, NotFoundError } from "../../errors/index.js";
import { ModelStore, type ExportFormat, type SavedFacts, type StoredModel } from "../index.js";

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

/** A model.yaml as Python writes it, without checksums. */
function yamlOf(tag = "py:v1"): string {
  const [name, version] = tag.split(":");
  return [
    `name: ${name}`, `version: ${version}`, "module: bentoml.onnx", "labels: {}", "options: {}", "metadata: {}",
    "context:", "  framework_name: onnx", "  framework_versions: {}", "  bentoml_version: 1.4.39", "  python_version: 3.11.7",
    "signatures: {}", "api_version: v2", "creation_time: '2026-11-21T21:53:16.854052+00:00'", "",
  ].join("\n");
}

function member(data: Omit<HeaderData, "type"> & { type?: string }, content: Uint8Array | string = ""): Buffer {
  const body = Buffer.from(content);
  const header = new Header({ mode: 0o644, mtime: new Date(0), size: body.length, ...data } as HeaderData);
  const block = Buffer.alloc(512);
  header.encode(block);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

const END = Buffer.alloc(1024);

function tarWith(...members: Buffer[]): string {
  const path = join(root, "made.tar");
  writeFileSync(path, Buffer.concat([member({ path: "./model.yaml", type: "File" }, yamlOf()), ...members, END]));
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
  await expect(store.export("digits", root, { format: "rar" as ExportFormat })).rejects.toThrow(InvalidArgumentError);
  expect(readdirSync(root).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("an export that fails leaves nothing behind", async () => {
  const model = await save(store);
  symlinkSync("/etc/hostname", join(model.path, "link"));
  await expect(store.export("digits", join(root, "out", "digits.tar"))).rejects.toThrow("neither a file nor a folder");
  expect(readdirSync(join(root, "out"))).toEqual([]);
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

test.each<[string, Parameters<typeof member>[0]]>([
  ["an absolute path", { path: "/tmp/evil", type: "File" }],
  ["a path above", { path: "../evil", type: "File" }],
  ["a path that turns back", { path: "./a/../../evil", type: "File" }],
  ["two dots within", { path: "a/../b", type: "File" }],
  ["a backslash", { path: "..\\evil", type: "File" }],
  ["a drive", { path: "C:/evil", type: "File" }],
  ["a folder above", { path: "../evil/", type: "Directory" }],
  ["a symbolic link", { path: "link", type: "SymbolicLink", linkpath: "/etc" }],
  ["a hard link", { path: "link", type: "Link", linkpath: "model.yaml" }],
  ["a device", { path: "zero", type: "CharacterDevice" }],
  ["a disk", { path: "disk", type: "BlockDevice" }],
  ["a pipe", { path: "pipe", type: "FIFO" }],
  ["a sparse file", { path: "sparse", type: "SparseFile" }],
  ["a second model.yaml", { path: "./model.yaml", type: "File" }],
  ["a file where a folder is needed", { path: "model.yaml/inside", type: "File" }],
])("an archive with %s is refused and nothing is written", async (_name, data) => {
  const content = data.type === "File" ? "evil" : "";
  await expect(store.import(tarWith(member(data, content)))).rejects.toThrow(InvalidModelError);
  expect(store.list()).toEqual([]);
  expect(readdirSync(join(root, "store", "tmp"))).toEqual([]);
  expect(existsSync(join(root, "evil"))).toBe(false);
  expect(existsSync(join(root, "store", "evil"))).toBe(false);
  expect(existsSync("/tmp/evil")).toBe(false);
});

test("a long name in an extra header cannot lead out either", async () => {
  const record = "path=../../../../evil\n";
  const pax = `${String(record.length + 3)} ${record}`;
  const path = tarWith(member({ path: "PaxHeader", type: "ExtendedHeader" }, pax), member({ path: "good", type: "File" }, "x"));
  await expect(store.import(path)).rejects.toThrow('"../../../../evil"');
  const gnu = tarWith(member({ path: "././@LongLink", type: "NextFileHasLongPath" }, "/evil\0"), member({ path: "good", type: "File" }, "x"));
  await expect(store.import(gnu)).rejects.toThrow('"/evil"');
});

test("limits on bytes and entries hold before anything of that size is written", async () => {
  const huge = member({ path: "huge", type: "File" });
  new Header({ path: "huge", type: "File", size: 2 ** 40, mode: 0o644, mtime: new Date(0) }).encode(huge);
  await expect(store.import(tarWith(huge))).rejects.toThrow("unpacks to more than 68719476736 bytes");
  const two = tarWith(member({ path: "a", type: "File" }, Buffer.alloc(600)), member({ path: "b", type: "File" }, Buffer.alloc(600)));
  await expect(store.import(two, { maxUnpackedBytes: 1300 })).rejects.toThrow("maxUnpackedBytes");
  await expect(store.import(two, { maxEntries: 2 })).rejects.toThrow("more than 2 files and folders");
  expect(String(await store.import(two, { maxUnpackedBytes: 10_000, maxEntries: 3 }))).toBe("py:v1");
});

test("a bomb of what is not even files is stopped", async () => {
  const path = join(root, "bomb.tar.gz");
  writeFileSync(path, gzipSync(Buffer.concat([readFileSync(tarWith()), Buffer.alloc(3_000_000)])));
  await expect(store.import(path, { maxUnpackedBytes: 1_000_000, maxEntries: 10 })).rejects.toThrow("maxUnpackedBytes");
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
