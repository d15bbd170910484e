import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "bentoml-core";

/** Names of a service's file in a folder, in the order in which they are looked for. */
const FILES_IN_FOLDER: readonly string[] = ["service.ts", "service.mts", "service.js", "service.mjs"];
const IS_FILE = /\.[mc]?[jt]s$/;

/** A file with a service, as the command line names it. */
export interface NamedService {
  /** Absolute path. */
  readonly file: string;
  readonly exportName: string | undefined;
  /** Where the program lies: its configuration is read there. */
  readonly folder: string | undefined;
}

/**
 * Reads an argument of `bentoml serve` that names a file, or a folder with one; undefined for everything else, such as the tag of a model.
 * `service.ts:svc` names the export too.
 *
 * @throws InvalidArgumentError for a file that is not there, and a folder without one.
 */
export function findService(argument: string, workingFolder: string): NamedService | undefined {
  // Not the colon of a Windows drive.
  const [, path = argument, exportName] = /^(.+\.[mc]?[jt]s):([\w$]+)$/.exec(argument) ?? [];
  const absolute = resolve(workingFolder, path);
  if (IS_FILE.test(path)) {
    if (kindOf(absolute) !== "file") throw new InvalidArgumentError(`There is no file ${absolute} to serve.`);
    return { file: absolute, exportName, folder: undefined };
  }
  const looksLikeFolder = path === "." || path === ".." || /[\\/]/.test(path);
  if (!looksLikeFolder) return undefined;
  if (kindOf(absolute) !== "folder") throw new InvalidArgumentError(`There is no folder ${absolute} to serve; models are named by their tags, such as digits:latest.`);
  const name = FILES_IN_FOLDER.find((file) => kindOf(join(absolute, file)) === "file");
  if (name === undefined) throw new InvalidArgumentError(`The folder ${absolute} has none of ${FILES_IN_FOLDER.join(", ")}: name the file of the service.`);
  return { file: join(absolute, name), exportName, folder: absolute };
}

function kindOf(path: string): "file" | "folder" | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  return status.isDirectory() ? "folder" : "file";
}
