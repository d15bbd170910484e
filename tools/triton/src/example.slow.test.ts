import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";

const folder = fileURLToPath(new URL("../../../docs/examples/triton/", import.meta.url));

let triton: StartedTriton;

beforeAll(async () => {
  triton = await startTriton({ models: ["iris", "describe"], repository: `${folder}models` });
});

afterAll(() => triton.stop());

test("the example classifies flowers, describes one, and has a mistake refused", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [`${folder}triton.mjs`, triton.url]);
  const lines = [
    "30 of 30 held-out flowers are classified right.",
    "A small flower of cold shores, with bristles where others have petals. ",
    'Input "measures" wants FP32 [-1, 4] (-1: any size), but was given FP32 [1, 3].',
  ];
  expect({ stdout, stderr }).toEqual({ stdout: `${lines.join("\n")}\n`, stderr: "" });
});
