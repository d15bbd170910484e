import { execFileSync } from "node:child_process";
import type { TensorSpec } from "bentoml-core";
import type { ServedModel } from "bentoml-server";
import { expect, test } from "vitest";
import { curlLine } from "./curl-line.js";

function lineFor(...inputs: TensorSpec[]): string {
  return curlLine("http://127.0.0.1:3000", { name: "digits", version: "v1", inputs } as unknown as ServedModel);
}

/** What the shell sends when the line is pasted: `curl` is replaced by what prints its body. */
function bodySentBy(line: string): unknown {
  const standIn = 'curl() { if [ "$3" = "@-" ]; then cat; else printf %s "$3"; fi; };';
  return JSON.parse(execFileSync("sh", ["-c", `${standIn} ${line}`], { encoding: "utf8", maxBuffer: 1e9 }));
}

test("few values are written out", () => {
  const line = lineFor({ name: "x", dtype: "int64", shape: ["batch", 3] });
  expect(line).toBe(
    `curl -s -d '{"inputs":[{"name":"x","datatype":"INT64","shape":[1,3],"data":[0,0,0]}]}' http://127.0.0.1:3000/v2/models/digits/infer`,
  );
});

test("many values are made by the shell, also more than fit into an argument", () => {
  const shape = [-1, 3, 224, 224];
  const line = lineFor({ name: "image", dtype: "float32", shape }, { name: "words", dtype: "string", shape: ["n", 20] });
  expect(line.length).toBeLessThan(400);
  expect(bodySentBy(line)).toEqual({
    inputs: [
      { name: "image", datatype: "FP32", shape: [1, 3, 224, 224], data: new Array<number>(3 * 224 * 224).fill(0) },
      { name: "words", datatype: "BYTES", shape: [1, 20], data: new Array<string>(20).fill("") },
    ],
  });
});

test.each(["it's", 'a "b"', "$(reboot)", "back\\slash", "\u009b2J\u001b"])("an input may be called %j", (name) => {
  for (const length of [2, 200]) {
    const line = lineFor({ name, dtype: "bool", shape: [length] });
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(bodySentBy(line)).toEqual({ inputs: [{ name, datatype: "BOOL", shape: [length], data: new Array(length).fill(false) }] });
  }
});

test("what JSON cannot ask is described instead", () => {
  expect(lineFor({ name: "x", dtype: "float16", shape: [1] })).toBe("curl -s http://127.0.0.1:3000/v2/models/digits");
  expect(lineFor()).toBe("curl -s http://127.0.0.1:3000/v2/models/digits");
});
