import { expect, test } from "vitest";
import { faultsOf } from "./published-manifest.mjs";

const names = ["bentoml", "bentoml-core", "bentoml-onnx"];
const committed = {
  name: "bentoml-onnx",
  version: "0.1.0",
  dependencies: { "bentoml-core": "0.1.0", yaml: "^2.0.0" },
  peerDependencies: { "bentoml-core": ">=0.1.0 <1.0.0", "onnxruntime-node": ">=1.23.0" },
  publishConfig: { access: "public", provenance: true },
  dist: { tarball: "" },
};
const published = {
  ...committed,
  version: "0.2.0",
  dependencies: { "bentoml-core": "0.2.0", yaml: "^2.0.0" },
  repository: { url: "git+https://github.com/example/bentoml.git", directory: "packages/onnx" },
};

test("a manifest with new versions of ours, and the ranges of peers as they were, has no fault", () => {
  expect(faultsOf(published, committed, "0.2.0", names)).toEqual([]);
});

test("a version that the others do not have is a fault", () => {
  expect(faultsOf(published, committed, "0.3.0", names)).toEqual([
    "bentoml-onnx has version 0.2.0, and 0.3.0 was expected.",
    "bentoml-onnx depends on bentoml-core 0.2.0: they are released together, so it should be 0.3.0.",
  ]);
});

test("so is a range of peers that jumped", () => {
  const peerDependencies = { ...committed.peerDependencies, "bentoml-core": "^1.0.0" };
  expect(faultsOf({ ...published, peerDependencies }, committed, "0.2.0", names)).toEqual([
    "bentoml-onnx wants bentoml-core ^1.0.0 as a peer, where >=0.1.0 <1.0.0 is committed: a release should leave the ranges of peers alone.",
  ]);
});

test("so is a peer that is gone", () => {
  const peerDependencies = { "bentoml-core": ">=0.1.0 <1.0.0" };
  expect(faultsOf({ ...published, peerDependencies }, committed, "0.2.0", names)).toEqual([
    "bentoml-onnx wants onnxruntime-node in no version as a peer, where >=1.23.0 is committed: a release should leave the ranges of peers alone.",
  ]);
});

test("so is what no registry has", () => {
  const dependencies = { yaml: "file:../yaml" };
  expect(faultsOf({ ...published, dependencies }, committed, "0.2.0", names)).toEqual(["bentoml-onnx depends on yaml file:../yaml, which is not on the registry."]);
});

test("so is what provenance lacks", () => {
  const { repository: _repository, ...unnamed } = published;
  expect(faultsOf(unnamed, { ...committed, publishConfig: {} }, "0.2.0", names)).toEqual([
    'bentoml-onnx lacks "access": "public" in its publishConfig.',
    'bentoml-onnx lacks "provenance": true in its publishConfig.',
    "bentoml-onnx names no repository: without it the registry refuses provenance.",
  ]);
});
