import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../../docs/examples/iris/iris.mjs", import.meta.url));

test("the iris example classifies flowers that it has never seen", async () => {
  const home = mkdtempSync(join(tmpdir(), "bentoml-iris-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, BENTOML_HOME: home } });
    expect({ stdout, stderr }).toEqual({ stdout: "29 of 30 held-out flowers are classified right.\n", stderr: "" });
  } finally {
    rmSync(home, { recursive: true });
  }
});
