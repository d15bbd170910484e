import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import ts from "typescript";
import { layers, useCpu } from "./tfjs-library.js";

const cli = fileURLToPath(new URL("../../../packages/cli/dist/bin.js", import.meta.url));

let folder: string;

beforeAll(async () => {
  await useCpu();
  // Inside of the repository, so that TypeScript finds the packages.
  const parent = fileURLToPath(new URL("../tmp/", import.meta.url));
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "types-"));
  const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [4], name: "dense" })] });
  await saveModel("flowers:1", model, { store: new ModelStore(join(folder, "store")) });
});

afterAll(() => rmSync(folder, { recursive: true }));

test("bentoml types types the calls of a stored model", async () => {
  const environment = { ...process.env, BENTOML_HOME: join(folder, "store"), NO_COLOR: "1" };
  await promisify(execFile)(process.execPath, [cli, "types"], { cwd: folder, env: environment });
  expect(readFileSync(join(folder, "bentoml-models.d.ts"), "utf8")).toContain('"flowers:latest": { inputs: { "dense_input": "float32" }; outputs: { "dense": "float32" } };');
  const uses = `import type { NdArray } from "bentoml-core";
import { get } from "bentoml-tfjs";
const { run } = get("flowers:latest").toRunner();
export const answer: Promise<NdArray<"float32">> = run(new Float32Array(4));
// @ts-expect-error texts are no numbers
void run(["a"]);
`;
  writeFileSync(join(folder, "uses.ts"), uses);
  const program = ts.createProgram([join(folder, "uses.ts"), join(folder, "bentoml-models.d.ts")], {
    ...{ strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022 },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ["node"] },
  });
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
