import { expect, test } from "vitest";
import { checkFiles, pathsOf, sizeTable } from "./published-tarball.mjs";

const always = ["LICENSE", "NOTICE", "README.md", "package.json"];

test("the files that a manifest names are those of its exports, under any condition, and of its commands", () => {
  const exports = { ".": { "bentoml-source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" };
  expect(pathsOf({ bin: { bentoml: "./dist/bin.js" }, exports })).toEqual(["dist/bin.js", "src/index.ts", "dist/index.d.ts", "dist/index.js", "package.json"]);
  expect(pathsOf({})).toEqual([]);
});

test("a tarball has what the manifest names, its code, and nothing else", () => {
  expect(() => checkFiles("a", [...always, "dist/index.js", "src/index.ts"], ["dist/index.js"])).not.toThrow();
});

test("a missing file is named", () => {
  expect(() => checkFiles("a", ["README.md", "package.json", "LICENSE"], ["dist/index.js"])).toThrow("The tarball of a lacks NOTICE, dist/index.js.");
});

test.each(["src/tag.test.ts", "src/tag.test-d.ts", "src/tag/fake-tag.testing.ts", "src/echo.fixture.ts", "src/testing/tags.ts", "dist/.tsbuildinfo", "tsconfig.json", "api.md"])("%s is needless", (file) => {
  expect(() => checkFiles("a", [...always, file], [])).toThrow(`The tarball of a has files that nobody needs: ${file}.`);
});

test("the tests of a template are part of it", () => {
  expect(() => checkFiles("a", [...always, "template/test/adapter.test.ts", "template/tsconfig.json"], [])).not.toThrow();
});

test("sizes are in KiB, and end with those of all", () => {
  const sizes = [
    { name: "bentoml", packed: 1024, unpacked: 4096, files: 3 },
    { name: "bentoml-core", packed: 512, unpacked: 1024, files: 2 },
  ];
  const rows = sizeTable(sizes).split("\n");
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
    ["package", "packed KiB", "unpacked KiB", "files"],
    ["bentoml", "1.0", "4.0", "3"],
    ["bentoml-core", "0.5", "1.0", "2"],
    ["all", "1.5", "5.0", "5"],
  ]);
});
