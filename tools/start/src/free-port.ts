import { createServer } from "node:net";

const ATTEMPTS = 20;

/** The first port from `wanted` on that nobody listens on; 0, which takes any, when there is none among the next few. */
export async function freePort(wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + ATTEMPTS; port++) {
    if (await isFree(port, host)) return port;
  }
  return 0;
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
