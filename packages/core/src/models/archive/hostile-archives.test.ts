import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidModelError } from "../../errors/index.js";
import { ModelStore } from "../index.js";
import { member, modelTar } from "./made-tar.testing.js";

let root: string;
let store: ModelStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostile-"));
  store = new ModelStore(join(root, "store"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function tarWith(...members: Buffer[]): string {
  return fileOf(modelTar(...members));
}

function fileOf(content: Uint8Array): string {
  const path = join(root, "made.tar");
  writeFileSync(path, content);
  return path;
}

/** An extra header for the member that follows it. */
function extended(record: string): Buffer {
  // The length counts its own digits.
  const length = [1, 2, 3, 4, 5].map((digits) => digits + record.length + 2).find((sum, index) => String(sum).length === index + 1);
  return member({ path: "PaxHeader", type: "ExtendedHeader" }, `${length!} ${record}\n`);
}

async function expectRefused(path: string, message: string | RegExp = /./): Promise<void> {
  const refusal = store.import(path);
  await expect(refusal).rejects.toThrow(InvalidModelError);
  await expect(refusal).rejects.toThrow(message);
  expect(store.list()).toEqual([]);
  expect(readdirSync(join(root, "store", "tmp"))).toEqual([]);
}

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
  await expectRefused(tarWith(member(data, content)));
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

test.each<[string, string]>([
  ["a symbolic link", "SymbolicLink"],
  ["a hard link", "Link"],
])("nothing is written through %s that an archive brings", async (_name, type) => {
  const outside = join(root, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "victim"), "untouched");
  await expectRefused(tarWith(member({ path: "out", type, linkpath: outside }), member({ path: "out/evil", type: "File" }, "evil")), `"out" is a ${type}`);
  await expectRefused(tarWith(member({ path: "out", type, linkpath: join(outside, "victim") }), member({ path: "out", type: "File" }, "evil")));
  expect(readdirSync(outside)).toEqual(["victim"]);
  expect(readFileSync(join(outside, "victim"), "utf8")).toBe("untouched");
});

test("nothing is written through a link in the place where a model is to go", async () => {
  const outside = join(root, "outside");
  mkdirSync(outside);
  mkdirSync(join(root, "store", "models", "py"), { recursive: true });
  symlinkSync(outside, join(root, "store", "models", "py", "v1"));
  await expect(store.import(tarWith(member({ path: "weights", type: "File" }, "x")))).rejects.toThrow();
  expect(readdirSync(outside)).toEqual([]);
});

const file = (path: string): Buffer => member({ path, type: "File" }, "x");
const folder = (path: string): Buffer => member({ path, type: "Directory" });

test.each<[string, Buffer[]]>([
  ["the same file twice", [file("weights"), file("weights")]],
  ["the same file in two spellings", [file("a/weights"), file("./a//weights")]],
  ["a file and then a folder of its name", [file("weights"), folder("weights/")]],
  ["a folder and then a file of its name", [folder("weights/"), file("weights")]],
  ["a file in the place of the model's folder", [file("./")]],
])("an archive with %s is refused", async (_name, members) => {
  await expectRefused(tarWith(...members), /another entry is in the way|a header in it is wrong/);
});

test("names that differ only in case are two files where the disk can hold both, and refused elsewhere", async () => {
  const path = tarWith(file("Vocab.txt"), member({ path: "vocab.txt", type: "File" }, "small"));
  writeFileSync(join(root, "CASE"), "");
  if (existsSync(join(root, "case"))) return expectRefused(path, "another entry is in the way");
  const model = await store.import(path);
  expect([readFileSync(model.pathOf("Vocab.txt"), "utf8"), readFileSync(model.pathOf("vocab.txt"), "utf8")]).toEqual(["x", "small"]);
});

test("a path that no disk can hold is refused", async () => {
  await expectRefused(tarWith(extended(`path=${"deep/".repeat(2000)}file`), file("short")), "is too long for this disk");
  await expectRefused(tarWith(extended(`path=${"n".repeat(300)}`), file("short")), "is too long for this disk");
});

test.each([
  ["a size beyond all disks", `size=${2 ** 50}`, "unpacks to more than 68719476736 bytes"],
  ["a size that is no whole number", "size=1e400", "a header in it is wrong"],
  ["a sparse map", "GNU.sparse.major=1", "sparse file"],
])("an extra header with %s is refused before anything of it is written", async (_name, record, message) => {
  await expectRefused(tarWith(extended(record), file("weights")), message);
});

test.each([
  ["more than JavaScript can count", 0x80],
  ["less than nothing", 0xff],
])("a size of %s is refused", async (_name, first) => {
  const block = member({ path: "weights", type: "File" });
  block.fill(0x7f, 124, 136);
  block[124] = first;
  block.fill(" ", 148, 156);
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  await expectRefused(tarWith(block), "a header in it is wrong");
});

test("a file of zeros that packs to nothing is stopped by the limit, by what it says and by what it is", async () => {
  const zeros = Buffer.alloc(20_000_000);
  const bomb = gzipSync(modelTar(member({ path: "zeros", type: "File" }, zeros)));
  expect(bomb.length).toBeLessThan(zeros.length / 900);
  await expect(store.import(fileOf(bomb), { maxUnpackedBytes: 1_000_000 })).rejects.toThrow("unpacks to more than 1000000 bytes");
  const hidden = gzipSync(Buffer.concat([modelTar(), zeros]));
  await expect(store.import(fileOf(hidden), { maxUnpackedBytes: 1_000_000, maxEntries: 10 })).rejects.toThrow("unpacks to more than 1000000 bytes");
  expect(readdirSync(join(root, "store", "tmp"))).toEqual([]);
});

test("an archive in an archive is a file, and what is packed twice is no archive", async () => {
  const inner = gzipSync(modelTar(file("weights")));
  const model = await store.import(tarWith(member({ path: "inner.tar.gz", type: "File" }, inner)));
  expect(readdirSync(model.path).sort()).toEqual(["inner.tar.gz", "model.yaml"]);
  expect(readFileSync(model.pathOf("inner.tar.gz")).equals(inner)).toBe(true);
  store.delete("py");
  await expectRefused(fileOf(gzipSync(inner)), /a header in it is wrong|cut off/);
});

test("rights and owners of an archive are left aside", async () => {
  const model = await store.import(tarWith(member({ path: "tool", type: "File", mode: 0o6777, uid: 1, gid: 1 }, "#!/bin/sh")));
  const status = statSync(model.pathOf("tool"));
  expect(status.mode & 0o7111).toBe(0);
  expect(status.uid).toBe(statSync(root).uid);
});
