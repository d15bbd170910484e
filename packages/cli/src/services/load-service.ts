import { pathToFileURL } from "node:url";
import { InvalidArgumentError } from "bentoml-core";
import type { Service } from "bentoml-server";
import { importedFiles } from "./imported-files.js";
import { serviceFault } from "./service-fault.js";

/** Names that are looked at first, in this order, when the command line names none. */
const USUAL_NAMES: readonly string[] = ["default", "svc", "service"];

/**
 * Imports a file and finds the service that it exports.
 *
 * @param exportName undefined: `default`, `svc`, `service`, or the only service that it exports.
 * @throws InvalidArgumentError when it exports none, or several and none of a usual name; BentoMLError with the place of what the file throws.
 */
export async function loadService(file: string, exportName: string | undefined, workingFolder: string): Promise<Service> {
  process.setSourceMapsEnabled(true);
  return serviceIn(await importFile(file, workingFolder), file, exportName);
}

async function importFile(file: string, workingFolder: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw serviceFault(error, await importedFiles(), workingFolder);
  }
}

/** The service among a module's exports. */
export function serviceIn(module: Readonly<Record<string, unknown>>, file: string, exportName: string | undefined): Service {
  const services = Object.entries(module).filter((entry): entry is [string, Service] => isService(entry[1]));
  const names = services.map(([name]) => name);
  if (exportName !== undefined) {
    const named = services.find(([name]) => name === exportName);
    if (named !== undefined) return named[1];
    const there = Object.keys(module).join(", ") || "nothing";
    throw new InvalidArgumentError(`${file} exports no service "${exportName}", it exports: ${there}. Services among them: ${names.join(", ") || "none"}.`);
  }
  const usual = USUAL_NAMES.flatMap((name) => services.filter(([given]) => given === name));
  const different = new Set(services.map(([, service]) => service));
  const found = usual[0]?.[1] ?? (different.size === 1 ? services[0]?.[1] : undefined);
  if (found !== undefined) return found;
  if (names.length > 0) throw new InvalidArgumentError(`${file} exports the services ${names.join(", ")}: say which to serve, ${file}:${names[0] ?? ""}.`);
  throw new InvalidArgumentError(`${file} exports no service: export one, such as "export const svc = new Service("digits", { runners: [runner] });".`);
}

/** By what it has and not by its class: the file may import another copy of bentoml-server than this one. */
function isService(value: unknown): value is Service {
  const { name, runners, apis } = (value ?? {}) as Partial<Service>;
  return typeof value === "object" && typeof name === "string" && Array.isArray(runners) && Array.isArray(apis);
}
