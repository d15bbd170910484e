import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { adapterNames } from "./adapter-names.js";
import type { Answers } from "./answers.js";
import { UserError } from "./user-error.js";

export interface PackageToWrite extends Answers {
  /** Where it goes; must be empty or not there. */
  readonly folder: string;
  /** Version of bentoml-core that it is made for. */
  readonly coreVersion: string;
  readonly year: number;
}

/** Names that npm would take out of a package, or read as its own, so they have others in the template. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["_package.json", "package.json"],
  ["_gitignore", ".gitignore"],
]);
const LICENCE = "LICENSE-";

/**
 * Writes the package, whole or not at all, and answers the paths of its files below the folder.
 *
 * @throws UserError when there is something in the folder.
 */
export function writePackage(template: string, wanted: PackageToWrite): string[] {
  const folder = resolve(wanted.folder);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`${folder} is not empty: give another folder with --folder, or empty this one.`);
  }
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.part-`);
  try {
    const written = filesOf(template).flatMap((path) => write(template, path, draft, wanted));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return written.sort();
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

function write(template: string, path: string, draft: string, wanted: PackageToWrite): string[] {
  const target = targetOf(path, wanted);
  if (target === undefined) return [];
  mkdirSync(dirname(join(draft, target)), { recursive: true });
  writeFileSync(join(draft, target), filledIn(readFileSync(join(template, path), "utf8"), target, wanted));
  return [target];
}

/** Where a file of the template goes; undefined for the text of another licence. */
function targetOf(path: string, { licence }: Answers): string | undefined {
  if (path.startsWith(LICENCE)) return path === LICENCE + licence ? "LICENSE" : undefined;
  return RENAMED.get(path) ?? path;
}

function filledIn(text: string, path: string, { name, description, author, licence, coreVersion, year }: PackageToWrite): string {
  const names = adapterNames(name);
  // In JSON they stand inside of quotes.
  const quoted = path.endsWith(".json") ? (value: string): string => JSON.stringify(value).slice(1, -1) : (value: string): string => value;
  const values: Readonly<Record<string, string>> = {
    package: names.packageName,
    framework: names.framework,
    Framework: names.className,
    identifier: names.identifier,
    Title: names.title,
    description: quoted(description),
    author: quoted(author),
    licence,
    year: String(year),
    core: `>=${coreVersion} <1.0.0`,
    testkit: `^${coreVersion}`,
  };
  return text.replaceAll(/__(\w+?)__/g, (whole, key: string) => values[key] ?? whole);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}
