import { MissingDependencyError } from "bentoml-core";

/** The function that the module `sharp` exports. */
export type SharpLibrary = typeof import("sharp").default;

let loading: Promise<SharpLibrary> | undefined;

/**
 * sharp, imported on first use: importing bentoml-sharp-images loads no native code.
 *
 * @throws MissingDependencyError when it is not installed or its native part does not load, with the cure.
 */
export function loadSharp(importLibrary: () => Promise<unknown> = () => import("sharp")): Promise<SharpLibrary> {
  loading ??= loadOnce(importLibrary).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadOnce(importLibrary: () => Promise<unknown>): Promise<SharpLibrary> {
  try {
    return ((await importLibrary()) as { readonly default: SharpLibrary }).default;
  } catch (error) {
    throw explainLoadFailure(error);
  }
}

/** Which of the ways to fail this one is, and what to do about it. */
export function explainLoadFailure(error: unknown): MissingDependencyError {
  const code = (error as { code?: unknown } | null)?.code;
  const text = error instanceof Error ? error.message : String(error);
  return new MissingDependencyError(messageFor(code, text), { cause: error });
}

function messageFor(code: unknown, text: string): string {
  if (code === "ERR_MODULE_NOT_FOUND" && text.includes("'sharp'")) {
    return "Images need the package sharp, which is not installed: npm i sharp. It brings its native part with it and runs no install script.";
  }
  return (
    `sharp is installed but does not load on ${process.platform}-${process.arch}: ${text.split("\n")[0] ?? ""} ` +
    "Its native part is an optional package (@img/sharp-…): delete node_modules and install again on the platform that will run it, without --omit=optional: npm i sharp."
  );
}
