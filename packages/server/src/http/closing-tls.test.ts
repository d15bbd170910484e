import { once } from "node:events";
import { Agent, request } from "node:https";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Authority, hasOpenssl } from "../testing/authority.js";
import { openSocket, readToEnd } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";

describe.skipIf(!hasOpenssl)("closing a server with TLS (needs the command openssl)", () => {
  let authority: Authority;
  beforeAll(() => {
    authority = new Authority();
  });
  afterAll(() => authority.remove());

  const infer = (port: number, agent: Agent): Promise<readonly [status: number | undefined, connection: string | undefined]> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: "127.0.0.1", port, method: "POST", path: "/v2/models/double/infer", agent, ca: authority.ca });
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        incoming.resume();
        incoming.on("end", () => resolve([incoming.statusCode, incoming.headers.connection]));
      });
      outgoing.end(JSON.stringify(goodBody));
    });

  const opened = async (port: number): Promise<TLSSocket> => {
    const socket = connectTls({ host: "127.0.0.1", port, ca: authority.ca });
    await once(socket, "secureConnect");
    return socket;
  };

  test.each([undefined, 0])("connections on which nothing comes are ended in order, also before and after their handshake; drainMs %j", async (drainMs) => {
    const { port, server } = await serve([doubling()], { tls: authority.issue("server") });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await infer(port, agent)).toEqual([200, "keep-alive"]);
    const silent = [readToEnd(await opened(port)), readToEnd(await openSocket(port))];
    const closed = server.close({ graceMs: 60_000, ...(drainMs === undefined ? {} : { drainMs }) });
    expect(await infer(port, agent)).toEqual([drainMs === undefined ? 503 : 200, "close"]);
    expect(await Promise.all(silent)).toEqual(["", ""]);
    await closed;
    agent.destroy();
  });
});
