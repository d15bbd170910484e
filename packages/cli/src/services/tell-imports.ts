/** Entry for `node --import`: this process knows which files it has imported. Its workers do without. */
import { register } from "node:module";
import { MessageChannel, isMainThread } from "node:worker_threads";
import { hooksAreApart, tellImported } from "./imported-files.js";

if (isMainThread) {
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
