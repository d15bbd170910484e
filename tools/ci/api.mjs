/**
 * Holds the public API of each package against its committed report, `packages/<name>/api.md`. A change of what users see is then seen in
 * review, and needs a changeset that names the package. Every export and every member has a docstring, of its own or one that it inherits,
 * whose links lead somewhere. The packages must have been built.
 *
 *     node tools/ci/api.mjs              fails where a report is out of date, or a changeset or a docstring is missing
 *     node tools/ci/api.mjs --update     writes the reports
 *     node tools/ci/api.mjs --reference  writes the docstrings as pages, to dist/reference
 */
import { existsSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addInherited, docstringsOf } from "./src/api-docstrings.mjs";
import { extractApi } from "./src/api-extraction.mjs";
import { writeReference } from "./src/api-reference.mjs";
import { pendingPackages, reportAtLastVersion } from "./src/pending-release.mjs";
import { publishedPackages, repository } from "./src/repository.mjs";
import { StepReport } from "./src/step-report.mjs";

const isUpdate = process.argv.includes("--update");
const pending = await pendingPackages();
/** @type {Map<string, import("./src/api-extraction.mjs").ApiItem>} */
const models = new Map();

const report = new StepReport();
for (const name of publishedPackages.filter(hasExports)) {
  await report.step(`API of ${name}`, async () => {
    const extraction = extractApi(join(repository, "packages", name));
    const docstrings = docstringsOf(extraction);
    addInherited(extraction.model, docstrings.inherited);
    models.set(name, { ...extraction.model, docComment: `/**\n * ${manifestOf(name).description}\n *\n * @packageDocumentation\n */\n` });
    const failures = [await reportFailure(name, extraction.report), docstringFailure(docstrings)].filter((failure) => failure !== undefined);
    for (const failure of failures) console.log(failure);
    return { passed: 2 - failures.length, failed: failures.length };
  });
}
if (process.argv.includes("--reference")) await report.step("reference", pages);
report.end();

/**
 * A package that is only a command has none.
 *
 * @param {string} name Its folder in `packages`.
 */
function hasExports(name) {
  return manifestOf(name).exports["."] !== undefined;
}

/** @param {string} name */
function manifestOf(name) {
  return JSON.parse(readFileSync(join(repository, "packages", name, "package.json"), "utf8"));
}

/**
 * Why the committed report will not do, if it will not.
 *
 * @param {string} name
 * @param {string} now
 */
async function reportFailure(name, now) {
  const packageName = manifestOf(name).name;
  const path = join(repository, "packages", name, "api.md");
  if (isUpdate) await writeFile(path, now);
  else {
    const committed = await readFile(path, "utf8").catch(() => "");
    if (committed !== now) return `packages/${name}/api.md is not what the package exports:\n${firstDifference(committed, now)}\nLook whether users will like the change, then run: npm run api -- --update`;
  }
  const released = await reportAtLastVersion(name);
  if (released !== undefined && released !== now && !pending.has(packageName)) {
    return `The API of ${packageName} has changed since its last version, and no changeset names it: npx changeset`;
  }
  return undefined;
}

/** @param {import("./src/api-docstrings.mjs").Docstrings} docstrings */
function docstringFailure({ missing, deadLinks }) {
  const lines = [...missing.map((place) => `No docstring: ${place}`), ...deadLinks];
  return lines.length === 0 ? undefined : [...lines, "Write it where the name is declared in src, then build again: docs/api.md says what it should tell."].join("\n");
}

async function pages() {
  if (models.size === 0) throw new Error("No package could be read: npm run build");
  const folder = join(repository, "dist", "reference");
  const count = await writeReference(models, folder);
  console.log(`${String(count)} pages; begin with dist/reference/index.md`);
  return existsSync(join(folder, "index.md")) ? 0 : 1;
}

/**
 * @param {string} before
 * @param {string} after
 */
function firstDifference(before, after) {
  const [old, changed] = [before.split("\n"), after.split("\n")];
  const line = changed.findIndex((text, index) => text !== old[index]);
  return `line ${line + 1}:\n- ${old[line] ?? ""}\n+ ${changed[line] ?? ""}`;
}
