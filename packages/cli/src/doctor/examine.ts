import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelStore } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import { configurationFindings } from "./configuration-findings.js";
import type { Finding } from "./finding.js";
import { loadInChild } from "./load-in-child.js";
import { factsOfThisMachine, machineFindings } from "./machine-findings.js";
import { packageFindings } from "./package-findings.js";
import { contentOfStore, storeFindings } from "./store-findings.js";

/** Looks at everything that a model needs to be served from this folder. Changes nothing. */
export async function examine(store: ModelStore, context: CliContext, verify: boolean): Promise<Finding[]> {
  const { workingFolder } = context;
  const besideFolder = dirname(fileURLToPath(import.meta.url));
  const content = contentOfStore(store);
  const names = [...new Set(content.models.map(({ tag }) => tag.name))];
  const [packages, models] = await Promise.all([
    packageFindings([workingFolder, besideFolder], loadInChild),
    storeFindings(store, content, { folders: { projectFolder: workingFolder, besideFolders: [besideFolder] }, verify }),
  ]);
  return [...machineFindings(factsOfThisMachine()), ...packages, ...models, ...configurationFindings(context, names)];
}
