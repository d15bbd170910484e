import { createRequire } from "node:module";
import { MissingDependencyError } from "bentoml-core";

/**
 * The packages of TensorFlow.js are CommonJS. `require` loads them at once, which containers need, and hands out one copy of each,
 * the one that `import` gives as well.
 */
const requireHere = createRequire(import.meta.url);

/** The path of a package's main file; undefined where it is not installed. Loads nothing. */
export function findPackage(name: string): string | undefined {
  try {
    return requireHere.resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * Loads a package on first use: importing bentoml-tfjs loads none.
 *
 * @param neededFor What needs it, for the message: "Graph models".
 * @throws MissingDependencyError when it is not installed or does not load, with the cure.
 */
export function loadPackage(name: string, neededFor: string, load: (name: string) => unknown = requireHere): unknown {
  try {
    return load(name);
  } catch (error) {
    throw explainLoadFailure(error, name, neededFor);
  }
}

/** Which of the ways to fail this one is, and what to do about it. */
export function explainLoadFailure(error: unknown, name: string, neededFor: string): MissingDependencyError {
  const code = (error as { code?: unknown } | null)?.code;
  const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return new MissingDependencyError(messageFor(code, text, name, neededFor), { cause: error });
}

function messageFor(code: unknown, text: string, name: string, neededFor: string): string {
  if (code === "MODULE_NOT_FOUND" && text.includes(`'${name}'`)) return `${neededFor} need the package ${name}, which is not installed: npm i ${name}`;
  if (/native addon module|tfjs_binding/.test(text)) {
    return (
      `${name} is installed, but its native part is not: its install script was blocked (ignore-scripts, npm 12), or could not download. ` +
      `Run npm rebuild ${name} where scripts and downloads are allowed, or use the backend "wasm": npm i @tensorflow/tfjs-backend-wasm`
    );
  }
  if (code === "ERR_DLOPEN_FAILED") {
    return (
      `The native part of ${name} does not load on ${process.platform}-${process.arch}: ${text}. It needs glibc (no Alpine Linux) and libraries of its own beside it: ` +
      `install it again on the machine that runs it, or use the backend "wasm": npm i @tensorflow/tfjs-backend-wasm`
    );
  }
  return `${name} is installed but does not load: ${text}. Delete node_modules and install again, all packages of TensorFlow.js in one version: npm i ${name}`;
}
