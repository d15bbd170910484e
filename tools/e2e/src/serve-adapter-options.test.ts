import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixedBatch } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcess, runBuiltCli } from "./served-cli.js";

/** A model whose batches have 4 rows, and the configuration beside it. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bo-"));
  await saveModel("fixed", fixedBatch(4), { store: new ModelStore(home), signatures: { run: { batchable: false } } });
});
afterAll(() => rm(home, { recursive: true, force: true }));

const configure = (options: string): Promise<void> => writeFile(join(home, "bentoml.config.yaml"), `runners: { fixed: { options: ${options} } }\n`);

test.each([[[]], [["--api-workers", "2"]]])("what the configuration says of an adapter's options holds for a model of the store: %j", async (options) => {
  await configure("{ padTo: 4 }");
  const cli = new CliProcess(["serve", "fixed", "--port", "0", ...options], { home, folder: home });
  const url = await cli.url();
  const ask = async (rows: number): Promise<number> => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [rows, 4], data: new Array<number>(rows * 4).fill(1) }];
    const answer = await fetch(`${url}/v2/models/fixed/infer`, { method: "POST", body: JSON.stringify({ inputs }) });
    const { outputs } = (await answer.json()) as { outputs?: { shape: number[] }[] };
    expect(outputs?.[0]?.shape[0]).toBe(rows);
    return answer.status;
  };
  for (const rows of [1, 3, 4, 9]) expect(await ask(rows)).toBe(200);
  cli.signal("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 0 });
});

test.each([
  ["{ padto: 4 }", /runners\.fixed\.options in \S+ is for bentoml-onnx, which has no option "padto", did you mean "padTo"\?/],
  ["{ padTo: 3 }", /padTo is 3, but .* \(Options come from runners\.fixed\.options in /],
])("%s is one line that names the key", async (options, expected) => {
  await configure(options);
  const { code, stdout, stderr } = await runBuiltCli(["serve", "fixed", "--port", "0"], { home, folder: home });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).toMatch(expected);
});
