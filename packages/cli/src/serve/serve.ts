import { Configuration, InvalidArgumentError, type ModelStore } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import { findService, type NamedService } from "../services/find-service.js";
import { serveHere } from "./serve-here.js";
import type { ServeOptions } from "./serve-options.js";
import { serveSupervised } from "./serve-supervised.js";

/** Options for models of the store; the runners of a service have theirs in its file, and in the configuration. */
const OF_MODELS = { workers: "--workers", isolation: "--isolation", maxBatchSize: "--max-batch-size", maxLatencyMs: "--max-latency-ms" } as const;

/** Serves what the command line names until a signal comes: models from this process or from several, a service from processes of its own. */
export async function serve(targets: readonly string[], store: ModelStore, options: ServeOptions, context: CliContext): Promise<void> {
  const [first] = targets;
  const services = targets.map((target) => findService(target, context.workingFolder)).filter((found) => found !== undefined);
  const [service] = services;
  if (service !== undefined) {
    if (targets.length > 1) throw new InvalidArgumentError(`One service is served at a time, and models of the store by themselves: ${targets.join(" ")} names several.`);
    checkForService(options);
    await serveService(service, store, options, inFolder(service, context));
    return;
  }
  if (options.development === true) throw new InvalidArgumentError(`--development watches the file of a service, such as ./service.ts; ${first ?? "nothing"} is none.`);
  const source = { kind: "models", tags: targets, storeRoot: store.root } as const;
  const apiProcesses = apiProcessesOf(options, context);
  if (apiProcesses > 1) await serveSupervised(source, options, apiProcesses, context);
  else await serveHere(source, options, context);
}

async function serveService({ file, exportName }: NamedService, store: ModelStore, options: ServeOptions, context: CliContext): Promise<void> {
  const apiProcesses = options.development === true ? 1 : apiProcessesOf(options, context);
  // The file opens models by itself, in the store of its environment.
  const environment = { ...context.environment, BENTOML_HOME: store.root };
  await serveSupervised({ kind: "service", file, exportName, storeRoot: store.root }, options, apiProcesses, { ...context, environment });
}

/** A folder is a program: its configuration is read in it. */
function inFolder({ folder }: NamedService, context: CliContext): CliContext {
  return folder === undefined ? context : { ...context, workingFolder: folder };
}

function apiProcessesOf({ apiWorkers }: ServeOptions, { workingFolder, environment }: CliContext): number {
  return apiWorkers ?? Configuration.load({ workingFolder, environment }).apiServer.workers ?? 1;
}

function checkForService(options: ServeOptions): void {
  for (const [key, option] of Object.entries(OF_MODELS) as [keyof typeof OF_MODELS, string][]) {
    if (options[key] === undefined) continue;
    throw new InvalidArgumentError(`${option} is for models of the store: a service's runners have their options in its file, toRunner({ … }), or below "runners" in the configuration.`);
  }
  if (options.modelControl === "explicit") throw new InvalidArgumentError("--model-control explicit is for models of the store: a service has its own.");
  if (options.development === true && (options.apiWorkers ?? 1) > 1) throw new InvalidArgumentError("--development serves from one process: leave --api-workers out.");
}
