import * as nodeModule from "node:module";

type Resolve = (specifier: string, context: object) => unknown;
interface HooksOfNode {
  readonly registerHooks?: (hooks: { resolve: (specifier: string, context: object, next: Resolve) => unknown }) => void;
}

/** Makes these packages look as if nobody had installed them, for `import` and `require`. */
export function hidePackages(names: readonly string[]): void {
  hideFromRequire(names);
  const { registerHooks } = nodeModule as HooksOfNode;
  if (registerHooks === undefined) nodeModule.register(hooksFor(names));
  else registerHooks({ resolve: (specifier, context, next) => (isHidden(specifier, names) ? failToFind(specifier, "ERR_MODULE_NOT_FOUND", "package") : next(specifier, context)) });
}

function isHidden(specifier: string, names: readonly string[]): boolean {
  return names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

function failToFind(specifier: string, code: string, what: string): never {
  throw Object.assign(new Error(`Cannot find ${what} '${specifier}' imported from the adapter`), { code });
}

/** What Node.js calls for every `require`; there is no public hook on Node.js 20. */
function hideFromRequire(names: readonly string[]): void {
  const internals = nodeModule.Module as unknown as { _resolveFilename: (specifier: string, ...rest: unknown[]) => string };
  const original = internals._resolveFilename;
  internals._resolveFilename = function (specifier, ...rest): string {
    return isHidden(specifier, names) ? failToFind(specifier, "MODULE_NOT_FOUND", "module") : original.call(this, specifier, ...rest);
  };
}

/** The same hook for Node.js before 22.15, which runs hooks in a thread of their own and so takes them as a module. */
function hooksFor(names: readonly string[]): string {
  const source = `
    const names = ${JSON.stringify(names)};
    export async function resolve(specifier, context, next) {
      if (!names.some((name) => specifier === name || specifier.startsWith(name + "/"))) return next(specifier, context);
      throw Object.assign(new Error("Cannot find package '" + specifier + "' imported from the adapter"), { code: "ERR_MODULE_NOT_FOUND" });
    }`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
