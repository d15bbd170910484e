/**
 * Rehearses a release: makes the versions that the changesets ask for in a copy of the checkout, publishes them to a registry on this machine,
 * and then is a user who installs by name, in JavaScript and TypeScript, with npm and with pnpm; who upgrades when there is a patch and a
 * minor version; and who generates an adapter, publishes it and serves a model of it. The packages must have been built.
 *
 *     node tools/ci/rehearsal.mjs         on Node.js 20 and 24, with two versions of TypeScript
 *     node tools/ci/rehearsal.mjs --all   on every Node.js and with every TypeScript that is supported
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withLocalRegistry } from "./src/local-registry.mjs";
import { installNode } from "./src/node-versions.mjs";
import { Rehearsal } from "./src/rehearsal.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";
import { typedNames } from "./src/typescript-users.mjs";

const { values } = parseArgs({ options: { all: { type: "boolean", default: false } } });
const nodes = values.all ? [20, 22, 24, 26] : [20, 24];
const compilers = values.all ? ["5.6", "5.8", "5.9", "6", "7"] : ["5.6", "5.9"];
/** The types of TensorFlow.js take compilers long. */
const packages = typedNames.filter((name) => values.all || name !== "bentoml-tfjs");
/** The one for what does not depend on it; the registry wants 22 or newer. */
const usual = 24;

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  /** @type {Map<number, string>} */
  const binaries = new Map();
  const isInstalled = await report.step(`Node.js ${nodes.join(", ")}`, async () => {
    for (const major of nodes) binaries.set(major, await installNode(major, folder));
    return 0;
  });
  if (!isInstalled) return;
  const node = String(binaries.get(usual));
  // Its seconds are those of all steps within.
  await report.step("a registry starts, and ends afterwards", async () => {
    await withLocalRegistry(join(folder, "registry"), node, async (registry) => {
      const rehearsal = new Rehearsal(report, folder, registry);
      if (!(await rehearsal.release())) return;
      for (const [major, binary] of binaries) await rehearsal.install(major, binary);
      await rehearsal.installWithScripts(node);
      await rehearsal.compile(packages, compilers, node);
      await rehearsal.addAdapter(node);
      if (await rehearsal.releaseChange("patch")) await rehearsal.update(usual);
      if (await rehearsal.releaseChange("minor")) await rehearsal.upgrade(usual);
    });
    return 0;
  });
});
report.end();
