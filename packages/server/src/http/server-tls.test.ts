import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Authority, hasOpenssl } from "../testing/authority.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import type { ServerTls } from "./server-tls.js";

interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

function call(port: number, tls: ClientTls, path = "/v2/models/double/infer"): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method: path.endsWith("infer") ? "POST" : "GET", path, agent: false, ...tls });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      incoming.resume();
      incoming.on("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.end(path.endsWith("infer") ? JSON.stringify(goodBody) : undefined);
  });
}

describe.skipIf(!hasOpenssl)("TLS of a model server (needs the command openssl)", () => {
  let authority: Authority;
  let own: ServerTls;

  beforeAll(() => {
    authority = new Authority();
    own = authority.issue("server");
  });

  afterAll(() => authority.remove());

  test("the fast route and Fastify's are encrypted, and the address says so", async () => {
    await using server = await serve([doubling()], { tls: own });
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    const { ca } = authority;
    expect(await Promise.all([call(server.port, { ca }), call(server.port, { ca }, "/v2"), call(server.port, { ca }, "/livez")])).toEqual([200, 200, 200]);
    await expect(call(server.port, {})).rejects.toThrow(/certificate/);
  });

  test("with clientCa, only clients with a certificate of that authority get in", async () => {
    await using server = await serve([doubling()], { tls: { ...own, clientCa: authority.ca } });
    const { ca } = authority;
    expect(await call(server.port, { ca, ...authority.issue("client") })).toBe(200);
    await expect(call(server.port, { ca })).rejects.toThrow();
    const other = new Authority();
    await expect(call(server.port, { ca, ...other.issue("stranger") })).rejects.toThrow();
    other.remove();
  });
});
