import { once } from "node:events";
import { createServer } from "node:net";

/** The ports that pages name: those of servers, of runner servers, and of Triton. */
const portsOfPages = ["3000", "4000", "8000"];

/** @typedef {Record<string, number>} Ports Free ones, by those of the pages. */

/** @returns {Promise<Ports>} */
export async function freePorts() {
  const servers = await Promise.all(
    portsOfPages.map(async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map(async (server) => server.close()));
  return Object.fromEntries(portsOfPages.map((name, index) => [name, ports[index] ?? 0]));
}

/**
 * What a page's code says where it is run: its hosts are this one, its ports are free ones, and `/run` is in its folder.
 *
 * @param {string} text
 * @param {string} folder
 * @param {Ports} ports
 */
export function asHere(text, folder, ports) {
  return text
    .replace(/\b10\.0\.0\.\d\b/g, "127.0.0.1")
    .replace(/(127\.0\.0\.1:|\bport: |--port )(\d{4})\b/g, (all, before, port) => (port in ports ? `${before}${ports[port]}` : all))
    .replace(/(?<=["'= ])\/run\//g, `${folder}/run/`);
}
