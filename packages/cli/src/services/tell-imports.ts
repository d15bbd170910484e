/** Entry for `node --import`: this process knows which files it has imported. Its workers do without. */
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { MessageChannel, isMainThread } from "node:worker_threads";
import { hooksAreApart, tellImported } from "./imported-files.js";
import { addLoadHook, type LoadHook } from "./loader-hooks.js";

const load: LoadHook = (url, context, nextLoad) => {
  if (url.startsWith("file:")) tellImported(fileURLToPath(url));
  return nextLoad(url, context);
};

function tellFromLoaderThread(): void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.on("message", (file: string | undefined) => {
    if (file === undefined) waiting.shift()?.();
    else tellImported(file);
  });
  port1.unref();
  register("./tell-hooks.js", { parentURL: import.meta.url, data: port2, transferList: [port2] });
  hooksAreApart(
    () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port1.postMessage(undefined);
      }),
  );
}

if (isMainThread && !addLoadHook(load)) tellFromLoaderThread();
