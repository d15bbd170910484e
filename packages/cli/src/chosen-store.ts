import { resolve } from "node:path";
import { ModelStore } from "bentoml-core";
import type { Command } from "commander";
import type { CliContext } from "./cli-context.js";

/** The store that the command line names with `--store`, otherwise the user's. */
export function chosenStore(command: Command, { workingFolder }: CliContext): ModelStore {
  const { store } = command.optsWithGlobals<{ store?: string }>();
  return store === undefined ? ModelStore.default() : new ModelStore(resolve(workingFolder, store));
}
