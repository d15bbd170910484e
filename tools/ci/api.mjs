/**
 * Holds the public API of each package against its committed report, `packages/<name>/api.md`. A change of what users see is then seen in
 * review, and needs a changeset that names the package. The packages must have been built.
 *
 *     node tools/ci/api.mjs            fails where a report is out of date, or a changeset is missing
 *     node tools/ci/api.mjs --update   writes the reports
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiReport } from "./src/api-report.mjs";
import { pendingPackages, reportAtLastVersion } from "./src/pending-release.mjs";
import { publishedPackages, repository } from "./src/repository.mjs";
import { StepReport } from "./src/step-report.mjs";

const isUpdate = process.argv.includes("--update");
const pending = await pendingPackages();

const report = new StepReport();
for (const name of publishedPackages) await report.step(`API of ${name}`, () => checkPackage(name));
report.end();

/**
 * @param {string} name Its folder in `packages`.
 * @throws When the report or the changeset is missing.
 */
async function checkPackage(name) {
  const manifest = JSON.parse(await readFile(join(repository, "packages", name, "package.json"), "utf8"));
  // A package that is only a command has none.
  if (manifest.exports["."] === undefined) return 0;
  const path = join(repository, "packages", name, "api.md");
  const now = apiReport(name);
  if (isUpdate) await writeFile(path, now);
  else {
    const committed = await readFile(path, "utf8").catch(() => "");
    if (committed !== now) throw new Error(`packages/${name}/api.md is not what the package exports:\n${firstDifference(committed, now)}\nLook whether users will like the change, then run: npm run api -- --update`);
  }
  const released = await reportAtLastVersion(name);
  if (released !== undefined && released !== now && !pending.has(manifest.name)) {
    throw new Error(`The API of ${manifest.name} has changed since its last version, and no changeset names it: npx changeset`);
  }
  return 0;
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
