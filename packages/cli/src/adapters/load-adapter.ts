import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AdapterNotFoundError, MissingDependencyError, isBentoMLError, resolveAdapter, type AdapterClue } from "bentoml-core";
import type { AdapterModule } from "./adapter-module.js";

/**
 * Imports the installed package that opens a model: looked for from the working folder up, then beside this package.
 *
 * @throws AdapterNotFoundError when none declares the model's module, or it has no `get`; MissingDependencyError when it
 *   cannot be imported.
 */
export async function loadAdapter(model: AdapterClue, workingFolder: string): Promise<AdapterModule> {
  const besideFolders = [dirname(fileURLToPath(import.meta.url))];
  const { packageName, entryUrl } = resolveAdapter(model, { projectFolder: workingFolder, besideFolders });
  const module = await importAdapter(packageName, entryUrl);
  if (!isAdapterModule(module)) {
    throw new AdapterNotFoundError(
      `${packageName} calls itself an adapter in its package.json, but its entry exports no function "get". ` +
        `Install a version that works: npm i ${packageName}@latest`,
    );
  }
  return module;
}

async function importAdapter(packageName: string, entryUrl: string): Promise<unknown> {
  try {
    return (await import(entryUrl)) as unknown;
  } catch (error) {
    if (isBentoMLError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingDependencyError(`The adapter ${packageName} cannot be imported: ${reason}. Install it again: npm i ${packageName}`, {
      cause: error,
    });
  }
}

function isAdapterModule(module: unknown): module is AdapterModule {
  return typeof (module as { get?: unknown } | null)?.get === "function";
}
