/**
 * Writes the GitHub repository that this runs for into the manifests of the published packages. The registry refuses provenance whose
 * repository the manifest does not name; and a copy of the project on GitHub publishes under its own name. Nothing is committed.
 *
 *     GITHUB_REPOSITORY=owner/name node tools/ci/name-repository.mjs
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { publishedPackages, repository } from "./src/repository.mjs";

const { GITHUB_REPOSITORY: name, GITHUB_SERVER_URL: server = "https://github.com" } = process.env;
if (name === undefined || !/^[^/\s]+\/[^/\s]+$/.test(name)) {
  throw new Error(`GITHUB_REPOSITORY is ${JSON.stringify(name)}: expected the repository's owner and name, such as owner/name. GitHub's workflows set it.`);
}
for (const folder of publishedPackages) {
  const path = join(repository, "packages", folder, "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  manifest.repository = { type: "git", url: `git+${server}/${name}.git`, directory: `packages/${folder}` };
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
