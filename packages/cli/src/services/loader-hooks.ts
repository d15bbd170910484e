import module, { type LoadFnOutput, type LoadHookContext } from "node:module";

/** What is done when a module is loaded. It may run in the loader's own thread or in the one that imports. */
export type LoadHook = (url: string, context: LoadHookContext, nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput | Promise<LoadFnOutput>) => LoadFnOutput | Promise<LoadFnOutput>;

/**
 * Adds a hook that runs in the thread that imports, where Node has such ones: since 22.15 and 23.5. From 26 on Node warns of those that
 * run in a thread of their own.
 *
 * @returns false where it has not.
 */
export function addLoadHook(load: LoadHook): boolean {
  const { registerHooks } = module as unknown as { registerHooks?: (hooks: { load: LoadHook }) => void };
  registerHooks?.({ load });
  return registerHooks !== undefined;
}
