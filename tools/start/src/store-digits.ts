import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { modelPath } from "@bentoml-tools/digits";
import { commandPath, storeName, workspaceFolder } from "./workspace.js";

/** Puts the digits model into the store unless it is there, and answers its tag. Its version says what is in the file. */
export async function storeDigits(): Promise<{ readonly tag: string; readonly isNew: boolean }> {
  const version = createHash("sha256").update(readFileSync(modelPath)).digest("hex").slice(0, 12);
  const tag = `digits:${version}`;
  if (existsSync(join(workspaceFolder, storeName, "models", "digits", version, "model.yaml"))) return { tag, isNew: false };
  const argv = [commandPath, "--store", storeName, "models", "import", modelPath, "--name", tag];
  await promisify(execFile)(process.execPath, argv, { cwd: workspaceFolder }).catch((error: unknown) => {
    throw new Error((error as { stderr?: string }).stderr?.trim() ?? String(error), { cause: error });
  });
  return { tag, isNew: true };
}
