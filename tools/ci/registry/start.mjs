/**
 * Serves the registry that a configuration file describes on a free port of this machine, prints its address, and ends with SIGTERM. For packages
 * that are none of ours it sends clients on to another registry, which answers npm with much smaller documents than verdaccio would fetch.
 *
 *     node start.mjs configuration.yaml https://registry.example.com/
 */
import { once } from "node:events";
import { runServer } from "verdaccio";

/** Ours and adapters', also before anything is published under their names; and what is no package, such as users. */
const ownPaths = /^\/(bentoml(-[^/]*)?|create-bentoml-adapter|-)(\/|\?|$)/;

const [configuration, upstream] = process.argv.slice(2);
const server = await runServer(configuration);
const [answer] = server.listeners("request");
server.removeAllListeners("request");
server.on("request", (request, response) => {
  if (ownPaths.test(request.url)) answer(request, response);
  else response.writeHead(302, { Location: new URL(request.url.slice(1), upstream).href }).end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log(`http://127.0.0.1:${server.address().port}`);
// Whoever started it may be killed.
const starter = process.ppid;
setInterval(() => process.ppid === starter || process.exit(1), 1000).unref();
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit());
  });
}
