import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../../docs/examples/onnx/digits.mjs", import.meta.url));

test("the onnx example reads digits that it has never seen, many in a run, and refuses a wrong call", async () => {
  const home = mkdtempSync(join(tmpdir(), "bentoml-digits-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, BENTOML_HOME: home } });
    const [right, refusal] = stdout.trim().split("\n");
    expect(stderr).toBe("");
    const runs = /^356 of 359 digits are read right, in (\d+) runs of the model\.$/.exec(right ?? "")?.[1];
    expect(Number(runs)).toBeGreaterThanOrEqual(Math.ceil(359 / 64));
    expect(Number(runs)).toBeLessThan(60);
    expect(refusal).toMatch(/^INVALID_ARGUMENT: Input "image" wants float32 \[batch, 1, 8, 8\]: .*63 elements/);
  } finally {
    rmSync(home, { recursive: true });
  }
});
