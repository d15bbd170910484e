import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelPath, readHeldOut } from "@bentoml-tools/digits";
import { ModelStore, NdArray } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcess } from "./served-cli.js";

let home: string;
let store: ModelStore;
let cli: CliProcess;
let url: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bentoml-remote-"));
  store = new ModelStore(home);
  await onnx.saveModel("digits", modelPath, { store });
  cli = new CliProcess(["start-runner-server", "digits:latest", "--port", "0", "--workers", "1"], { home });
  url = await cli.url();
});
afterAll(async () => {
  cli.signal("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  await rm(home, { recursive: true, force: true });
});

test("a model of the store answers through the command as it does in this thread, for many callers at once", async () => {
  await using local = onnx.get("digits:latest", { store }).toRunner({ name: "local" });
  await local.initLocal({ quiet: true });
  await using remote = onnx.get("digits:latest", { store }).toRunner();
  await remote.initClient({ url });
  expect(await remote.runnerHandleIsReady(10_000)).toBe(true);
  const { images } = readHeldOut();
  const digits = Array.from({ length: 100 }, (_, index) => new NdArray("float32", [1, 1, 8, 8], images.slice(index * 64, (index + 1) * 64)));
  const here = await Promise.all(digits.map(async (digit) => plainly(await local.run(digit))));
  const there = await Promise.all(digits.map(async (digit) => plainly(await remote.run(digit))));
  expect(there).toEqual(here);
});

/** The likeliest digit of each row, in a result of one output or several. */
function plainly(result: unknown): unknown {
  if (!NdArray.isNdArray(result)) return Object.entries(result as Record<string, unknown>).map(([name, output]) => [name, plainly(output)]);
  const rows = result.toNested() as number[][];
  return rows.map((row) => row.indexOf(Math.max(...row)));
}

test("arguments are checked before they go anywhere", async () => {
  await using remote = onnx.get("digits:latest", { store }).toRunner();
  await remote.initClient({ url: "http://127.0.0.1:1" });
  await expect(remote.run(new NdArray("float32", [3, 3], new Float32Array(9)))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
