import { createRequire } from "node:module";
import type { Traces } from "./child-protocol.js";

/** The state of this process that an adapter may change without a word. */
export interface ProcessState {
  readonly libraries: readonly string[];
  readonly modules: readonly string[];
  readonly resources: readonly string[];
  readonly listeners: readonly string[];
}

export function processState(): ProcessState {
  return { libraries: nativeLibraries(), modules: commonModules(), resources: process.getActiveResourcesInfo(), listeners: listeners() };
}

/** What is there now and was not before. */
export function tracesSince(before: ProcessState, nativePackages: readonly string[]): Traces {
  const now = processState();
  const ofPackages = now.modules.filter((path) => nativePackages.some((name) => path.replaceAll("\\", "/").includes(`/node_modules/${name}/`)));
  return {
    libraries: added(before.libraries, now.libraries),
    modules: added(before.modules, ofPackages),
    resources: added(before.resources, now.resources),
    listeners: added(before.listeners, now.listeners),
  };
}

/** The members of a list with repeats that another list lacks. */
function added(before: readonly string[], now: readonly string[]): string[] {
  const left = [...before];
  return now.filter((name) => {
    const place = left.indexOf(name);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/** Node.js itself may load libraries of the system at any time, so only addons count. */
function nativeLibraries(): string[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects?: string[] };
  return (sharedObjects ?? []).filter((path) => path.endsWith(".node"));
}

function commonModules(): string[] {
  return Object.keys(createRequire(import.meta.url).cache);
}

/** Each event as often as it has listeners. */
function listeners(): string[] {
  return process.eventNames().flatMap((event) => Array.from({ length: process.listenerCount(event) }, () => String(event)));
}
