import { Server as TlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { BentoMLError } from "bentoml-core";
import type { ListeningAddress } from "../server-options.js";

/** Binds the server. Rejects with code PORT_IN_USE, PORT_NOT_ALLOWED or LISTEN_FAILED, and says what to do. */
export function listenOn(server: Server, host: string, port: number): Promise<ListeningAddress> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port));
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.off("error", fail);
      const bound = (server.address() as AddressInfo).port;
      const scheme = server instanceof TlsServer ? "https" : "http";
      resolve({ url: `${scheme}://${urlHost(host)}:${bound}`, host, port: bound });
    });
  });
}

/** A host as it stands in a URL that works on this machine. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): BentoMLError {
  if (error.code === "EADDRINUSE") {
    return new BentoMLError(
      `port ${port} on ${host} is already in use: stop the program that listens there, give another port, or port 0 for a free one`,
      { code: "PORT_IN_USE", cause: error },
    );
  }
  if (error.code === "EACCES") {
    return new BentoMLError(`this user may not listen on port ${port} of ${host}: give a port of 1024 or more`, {
      code: "PORT_NOT_ALLOWED",
      cause: error,
    });
  }
  return new BentoMLError(`cannot listen on port ${port} of ${host}: ${error.message}`, { code: "LISTEN_FAILED", cause: error });
}
