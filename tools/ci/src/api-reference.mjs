import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptOf } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";

/**
 * Writes pages in Markdown, one for each export and member of the packages, from their docstrings. `index.md` is the first.
 *
 * @param {ReadonlyMap<string, import("./api-extraction.mjs").ApiItem>} models By the folder of the package.
 * @param {string} folder Where to; what was there goes.
 * @returns {Promise<number>} How many pages.
 */
export async function writeReference(models, folder) {
  const input = mkdtempSync(join(tmpdir(), "bentoml-api-models-"));
  try {
    for (const [name, model] of models) writeFileSync(join(input, `${name}.api.json`), JSON.stringify(model));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const documenter = scriptOf("@microsoft/api-documenter");
    await outputOf(process.execPath, [documenter, "markdown", "--input-folder", input, "--output-folder", folder]);
    return readdirSync(folder).length;
  } finally {
    rmSync(input, { recursive: true });
  }
}
