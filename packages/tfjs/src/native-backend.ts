import Module from "node:module";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import util from "node:util";
import { findPackage, loadPackage } from "./tfjs-package.js";

const packageNames = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/** The package of TensorFlow's native library that is installed: the one for GPUs where there are both. */
export function nativePackageName(): string {
  return packageNames.find((name) => findPackage(name) !== undefined) ?? "@tensorflow/tfjs-node";
}

/** Whether it computes on GPUs where there are some. */
export function isForGpus(): boolean {
  return nativePackageName() === packageNames[0];
}

/** Whether the package and its native part are installed, as far as can be told without loading them. */
export function hasNativePart(): boolean {
  const main = findPackage(nativePackageName());
  if (main === undefined) return false;
  const builds = join(dirname(main), "..", "lib");
  return existsSync(builds) && readdirSync(builds).some((build) => existsSync(join(builds, build, "tfjs_binding.node")));
}

/** @throws MissingDependencyError when it is not installed or its native part does not load. */
export function loadNativePackage(): unknown {
  const name = nativePackageName();
  return withLegacyUtil(name, () => loadPackage(name, 'The backend "tensorflow" and SavedModels'));
}

type Load = (request: string, parent: { readonly filename?: string } | null, isMain: boolean) => unknown;

/**
 * tfjs-node 4.22 calls functions of `util` that Node.js 23 removed (https://github.com/tensorflow/tfjs/issues/8609). While it
 * loads, its own files, and no others, get a `util` that still has them.
 */
function withLegacyUtil(packageName: string, load: () => unknown): unknown {
  if ("isNullOrUndefined" in util) return load();
  const internals = Module as unknown as { _load: Load };
  const original = internals._load;
  const itsFiles = join("node_modules", ...packageName.split("/"), "dist");
  const legacyUtil = { ...(util as object), isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray };
  internals._load = function (request, parent, isMain) {
    return request === "util" && parent?.filename?.includes(itsFiles) === true ? legacyUtil : original.call(this, request, parent, isMain);
  };
  try {
    return load();
  } finally {
    internals._load = original;
  }
}
