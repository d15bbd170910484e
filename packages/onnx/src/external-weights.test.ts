import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { identity, mlp } from "@bentoml-tools/onnx-models";
import { InvalidArgumentError, NdArray } from "bentoml-core";
import { expect, test } from "vitest";
import { importModel, saveModel } from "./index.js";
import { externalWeights } from "./testing/odd-models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

const sizes = [16, 64, 64, 3];
const x = new NdArray("float32", [2, 16], Float32Array.from({ length: 32 }, (_, index) => Math.sin(index)));

test("weights are moved into a file of their own, and the model stays the same", async () => {
  const plain = await saveModel("plain", mlp({ sizes }), { store: temporary.store });
  const apart = await saveModel("apart", mlp({ sizes }), { store: temporary.store, externalWeights: true });
  expect(readdirSync(apart.path).sort()).toEqual(["model.yaml", "saved_model.onnx", "saved_model.weights"]);
  expect(statSync(`${apart.path}/saved_model.weights`).size).toBeGreaterThanOrEqual(4 * (16 * 64 + 64 * 64));
  expect(statSync(`${apart.path}/saved_model.onnx`).size).toBeLessThan(statSync(`${plain.path}/saved_model.onnx`).size / 2);
  expect(apart.info.signatures).toEqual(plain.info.signatures);
  expect(apart.info.options).toEqual(plain.info.options);
  expect(Object.keys(apart.info.files ?? {}).sort()).toEqual(["saved_model.onnx", "saved_model.weights"]);
  await using usual = plain.toRunner({ embedded: true });
  await using sharing = apart.toRunner({ embedded: true, shareWeights: true });
  expect(((await sharing.run(x)) as NdArray).shape).toEqual([2, 3]);
  const expected = (await usual.run(x)) as NdArray<"float32">;
  const actual = (await sharing.run(x)) as NdArray<"float32">;
  for (const [place, value] of actual.data.entries()) expect(value).toBeCloseTo(expected.data[place] as number, 5);
});

test("shareWeights says how to save a model whose weights are inside", async () => {
  const model = await saveModel("inside", mlp({ sizes }), { store: temporary.store });
  expect(() => model.toRunner({ shareWeights: true })).toThrow(InvalidArgumentError);
  expect(() => model.toRunner({ shareWeights: true })).toThrow(/inside:\w+ keeps its weights in its own file.*externalWeights: true/);
  expect(() => model.toRunner({ shareWeights: "yes" as never })).toThrow('shareWeights is "yes": it must be true or false');
});

test("weights that lie in files already stay there", async () => {
  mkdirSync(temporary.file("hub"));
  writeFileSync(temporary.file("hub/model.onnx"), externalWeights("w.bin"));
  writeFileSync(temporary.file("hub/w.bin"), new Uint8Array(16));
  const { path } = await importModel("m", temporary.file("hub"), { store: temporary.store, externalWeights: true });
  expect(readdirSync(path).sort()).toEqual(["model.yaml", "saved_model.onnx", "w.bin"]);
});

test("a model without weights, and a file whose name is needed", async () => {
  await saveModel("none", identity("float32"), { store: temporary.store, externalWeights: true });
  mkdirSync(temporary.file("hub"));
  writeFileSync(temporary.file("hub/model.onnx"), mlp({ sizes }));
  writeFileSync(temporary.file("hub/saved_model.weights"), "");
  const taken = importModel("m", temporary.file("hub"), { store: temporary.store, externalWeights: true });
  await expect(taken).rejects.toThrow(/comes with a file saved_model\.weights.*rename it/);
});
