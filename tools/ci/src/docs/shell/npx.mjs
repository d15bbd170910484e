/** `npx bentoml` in a block of code: the command that was built; a server is left running when it is ready, until its page ends. And `npx vitest`. */
import { spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "./page-environment.mjs";
import { keepServer, stopServer } from "./servers.mjs";

const { project, servers, port: usualPort } = environmentOf(process.env);
const [name, ...parameters] = process.argv.slice(2);
const scripts = new Map([["bentoml", ["bentoml", "dist", "bin.js"]], ["vitest", ["vitest", "vitest.mjs"]]]);
const script = scripts.get(name ?? "");
if (script === undefined) throw new Error(`"npx ${name}" is not run here: say so above the block.`);
const command = join(project, "node_modules", ...script);
if (name === "bentoml" && ["serve", "start-http-server", "start-runner-server"].includes(parameters[0] ?? "")) await startServer();
else process.exitCode = spawnSync(process.execPath, [command, ...parameters], { stdio: "inherit" }).status ?? 1;

async function startServer() {
  const given = parameters[parameters.indexOf("--port") + 1];
  const port = parameters.includes("--port") && given !== undefined ? given : usualPort;
  await stopServer(servers, port);
  const log = join(servers, `${port}.log`);
  const output = openSync(log, "w");
  const server = spawn(process.execPath, [command, ...parameters, ...(parameters.includes("--port") ? [] : ["--port", port])], {
    detached: true,
    stdio: ["ignore", output, output],
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  keepServer(servers, port, server.pid ?? 0);
  const outcome = await Promise.race([ready(`http://127.0.0.1:${port}/readyz`), ended.then(() => "It ended.")]);
  server.unref();
  if (outcome === "") return;
  process.stdout.write(readFileSync(log, "utf8"));
  throw new Error(`${["npx bentoml", ...parameters].join(" ")}: ${outcome}`);
}

/**
 * @param {string} url
 * @returns {Promise<string>} What is wrong, or "".
 */
async function ready(url) {
  const until = Date.now() + 60_000;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return "";
    if (Date.now() > until) return `It was not ready after a minute: ${url} answered ${status}.`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
