/** Hooks of Node's module loader that tell which files are imported, where they run in the loader's own thread. */
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import type { LoadHook } from "./loader-hooks.js";

let port: MessagePort | undefined;

export function initialize(given: MessagePort): void {
  port = given;
  // An answer says that everything before it has been told.
  given.on("message", () => given.postMessage(undefined));
  given.unref();
}

export const load: LoadHook = (url, context, nextLoad) => {
  if (url.startsWith("file:")) port?.postMessage(fileURLToPath(url));
  return nextLoad(url, context);
};
