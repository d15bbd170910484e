import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../repository.mjs";

const read = (path: string): string => readFileSync(join(repository, path), "utf8");

interface Manifest {
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = (folder: string): Manifest => JSON.parse(read(join("packages", folder, "package.json"))) as Manifest;

/** What the README's table says: what is taken, and what CI tests, by the first cell. */
const table = new Map(
  read("README.md")
    .split("## Versions")[1]
    ?.split("\n")
    .filter((line) => /^\| \w/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", taken = "", tested = ""]) => [name, { taken, tested }]) ?? [],
);

/** The version that a file of CI names, such as `kserve==0.21.0`. */
function versionIn(path: string, form: RegExp): string {
  const [, version] = form.exec(read(path)) ?? [];
  if (version === undefined) throw new Error(`${path} has no ${String(form)}: mend this test.`);
  return version;
}

/** `>=1.23.0` and `>=4.22.0 <5` in the words of the table. */
function inWords(range: string | undefined): string {
  const [, from = "", below] = /^>=(\S+)(?: <(\S+))?$/.exec(range ?? "") ?? [];
  return `${from} or later${below === undefined ? "" : `, below ${below}`}`;
}

const tfjs = ["core", "layers", "converter", "backend-wasm", "backend-cpu", "node"].map((part) => `@tensorflow/tfjs-${part}`);

test.each([
  ["Node.js", [inWords(manifest("core").engines.node.replace(/\.0$/, ""))]],
  ["onnxruntime-node", [inWords(manifest("onnx").peerDependencies["onnxruntime-node"])]],
  ["sharp", [inWords(manifest("sharp-images").peerDependencies["sharp"])]],
  ["TensorFlow.js", tfjs.map((name) => inWords(manifest("tfjs").peerDependencies[name]))],
  ["danfojs, danfojs-node", ["danfojs", "danfojs-node"].map((name) => inWords(manifest("danfo-dataframes").peerDependencies[name]))],
])("the README says which %s is taken", (name, ranges) => {
  for (const range of ranges) expect(table.get(name)?.taken).toBe(range);
});

test.each([
  ["onnxruntime-node", [manifest("onnx").devDependencies["onnxruntime-node"], versionIn("tools/ci/packed.mjs", /onnxruntime = "([\d.]+)"/)]],
  ["sharp", [manifest("sharp-images").devDependencies["sharp"]]],
  ["TensorFlow.js", [manifest("tfjs").devDependencies["@tensorflow/tfjs-core"], manifest("tfjs").devDependencies["@tensorflow/tfjs-backend-wasm"]]],
  ["danfojs, danfojs-node", [versionIn("tools/ci/src/frames-project.mjs", /danfojs: "([\d.]+)"/), versionIn("tools/ci/src/frames-project.mjs", /"danfojs-node": "([\d.]+)"/)]],
  ["Python's BentoML, for the store", [versionIn("tools/ci/python-bentoml.mjs", /"bentoml==([\d.]+)"/)]],
])("the README says which %s is tested", (name, versions) => {
  for (const version of versions) expect(table.get(name)?.tested.split(":")[0]).toBe(version);
});

test("so it does for inference servers", () => {
  const versions = [
    versionIn("tools/triton/src/health-and-metadata.slow.test.ts", /"triton", "([\d.]+)"/),
    versionIn("tools/triton/src/started-python-server.ts", /kserve==([\d.]+)/),
    versionIn("tools/triton/src/started-python-server.ts", /mlserver==([\d.]+)/),
  ];
  expect(table.get("Triton, KServe, MLServer")?.tested).toBe(versions.join(", "));
});

test("and for Node.js: that of the types, and those of the steps that install another", () => {
  const { devDependencies } = JSON.parse(read("package.json")) as Manifest;
  const [, usual] = /^\^(\d+)/.exec(devDependencies["@types/node"] ?? "") ?? [];
  expect(table.get("Node.js")?.tested).toBe([usual, versionIn("tools/ci/node-24.mjs", /installNode\((\d+),/)].join(", "));
});

test("each row of the table is held by one of these", () => {
  expect([...table.keys()]).toEqual([
    "Node.js",
    "onnxruntime-node",
    "sharp",
    "TensorFlow.js",
    "danfojs, danfojs-node",
    "Triton, KServe, MLServer",
    "Python's BentoML, for the store",
  ]);
});
