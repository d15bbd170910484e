import { RunnableNotReachableError } from "../../errors/index.js";

/** A Runnable as its host sees it: any methods, and the two hooks. */
export interface RunnableInstance {
  setup?(context: unknown): unknown;
  teardown?(): unknown;
  readonly [method: string]: unknown;
}

/**
 * Imports the module and makes the Runnable. `module` is a file URL that the program itself gave, never data from a model.
 *
 * @throws RunnableNotReachableError when the module does not load or has no such class.
 */
export async function loadRunnable(reference: { readonly module: string; readonly export: string; readonly params: unknown }): Promise<RunnableInstance> {
  const loaded = await importModule(reference.module);
  const runnableClass = loaded[reference.export];
  if (typeof runnableClass !== "function") {
    throw new RunnableNotReachableError(
      `Module ${reference.module} has no exported class "${reference.export}" (it exports: ${Object.keys(loaded).join(", ") || "nothing"}). ` +
        `A Runnable must be exported by the module that its "static module" names, under its class name.`,
    );
  }
  return new (runnableClass as new (params: unknown) => RunnableInstance)(reference.params);
}

async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (cause) {
    throw new RunnableNotReachableError(`Cannot import the Runnable's module ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
