import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { configurationError } from "./configuration-error.js";
import { isSection, type Section } from "./section.js";
import { readYaml, type Environment } from "./yaml-text.js";

/** Names that are looked for in the working folder. */
const NAMES = ["bentoml.config.yaml", "bentoml.config.yml", "bentoml.config.json"];
const VARIABLE = "BENTOML_CONFIG";

/**
 * The file with the configuration: that of `BENTOML_CONFIG`, else the one in the working folder, else none.
 *
 * @throws InvalidArgumentError when the working folder has several.
 */
export function findConfigurationFile(workingFolder: string, environment: Environment): string | undefined {
  const named = environment[VARIABLE];
  if (named !== undefined && named !== "") return resolve(workingFolder, named);
  const found = NAMES.filter((name) => existsSync(join(workingFolder, name)));
  if (found.length > 1) throw configurationError(`${workingFolder} has ${found.join(" and ")}; keep one, or name it in ${VARIABLE}.`);
  return found[0] === undefined ? undefined : join(workingFolder, found[0]);
}

/** Reads a file of YAML or, which is the same, JSON. An empty file sets nothing. */
export function readConfigurationFile(path: string, environment: Environment): Section {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw configurationError(`The configuration file ${path} cannot be read: ${(error as Error).message}. Give another one in ${VARIABLE}.`, error);
  }
  const section = parsed(text, path, environment) ?? {};
  if (!isSection(section)) throw configurationError(`The configuration file ${path} must be a mapping with keys such as "runners".`);
  return section;
}

function parsed(text: string, path: string, environment: Environment): unknown {
  try {
    return readYaml(text, environment);
  } catch (error) {
    throw configurationError(`The configuration file ${path} cannot be used: ${(error as Error).message}`, error);
  }
}
