import { relative, resolve, sep } from "node:path";
import type { FoundPackage } from "./find-package.js";

/** The conditions that Node itself sets for an `import`. */
const CONDITIONS: readonly string[] = ["node", "import", "module-sync", "node-addons", "default"];

/**
 * Absolute path of the file that `import "<package>"` would load, from `exports` or `main`, without importing it.
 * `undefined` when the package gives none, or one that lies outside of its folder.
 */
export function entryOf({ folder, manifest }: FoundPackage): string | undefined {
  const target = "exports" in manifest ? targetOf(mainExport(manifest["exports"])) : mainOf(manifest["main"]);
  if (target === undefined) return undefined;
  const path = resolve(folder, target);
  const inside = relative(folder, path);
  return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || resolve(inside) === inside ? undefined : path;
}

function mainOf(main: unknown): string {
  return typeof main === "string" && main !== "" ? main : "index.js";
}

/** What `exports` says of `.`: its key `.`, or all of it when it has no keys that begin with a dot. */
function mainExport(exported: unknown): unknown {
  if (typeof exported !== "object" || exported === null || Array.isArray(exported)) return exported;
  const isByPath = Object.keys(exported).some((key) => key.startsWith("."));
  return isByPath ? (exported as Readonly<Record<string, unknown>>)["."] : exported;
}

/** The first condition that holds, in the order of the keys; conditions nest, and a list gives the first usable target. */
function targetOf(exported: unknown): string | undefined {
  if (typeof exported === "string") return exported.startsWith("./") ? exported : undefined;
  if (typeof exported !== "object" || exported === null) return undefined;
  const choices: unknown[] = Array.isArray(exported)
    ? exported
    : Object.entries(exported).flatMap(([condition, value]) => (CONDITIONS.includes(condition) ? [value as unknown] : []));
  for (const choice of choices) {
    const target = targetOf(choice);
    if (target !== undefined) return target;
  }
  return undefined;
}
