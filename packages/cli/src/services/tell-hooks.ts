/** Hooks of Node's module loader that tell which files are imported; they run in the loader's own thread. */
import type { LoadFnOutput, LoadHookContext } from "node:module";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";

let port: MessagePort | undefined;

export function initialize(given: MessagePort): void {
  port = given;
  // An answer says that everything before it has been told.
  given.on("message", () => given.postMessage(undefined));
  given.unref();
}

export async function load(url: string, context: LoadHookContext, nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput | Promise<LoadFnOutput>): Promise<LoadFnOutput> {
  if (url.startsWith("file:")) port?.postMessage(fileURLToPath(url));
  return nextLoad(url, context);
}
