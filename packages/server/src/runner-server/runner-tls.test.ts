import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Authority, hasOpenssl } from "../testing/authority.js";
import { SampleServer } from "../testing/sample-runner.js";

describe.skipIf(!hasOpenssl)("TLS (needs the command openssl)", () => {
  let authority: Authority;
  let other: Authority;
  let server: SampleServer;

  beforeAll(async () => {
    authority = new Authority();
    other = new Authority();
    server = await SampleServer.start({ tls: { ...authority.issue("server"), clientCa: authority.ca } });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    authority.remove();
    other.remove();
  });

  test("a client with a certificate of the authority is served", async () => {
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const client = await server.client({ tls: { ca: authority.ca, ...authority.issue("client") } });
    expect([await client.echo("x"), await client.runnerHandleIsReady(10_000)]).toEqual(["x", true]);
    const items: number[] = [];
    for await (const item of client.count.stream(3)) items.push(item);
    expect(items).toEqual([0, 1, 2]);
  });

  test("one without, or with another authority's, is not", async () => {
    const without = await server.client({ retries: 0, tls: { ca: authority.ca } });
    await expect(without.echo("x")).rejects.toMatchObject({ code: expect.stringMatching(/^RUNNER_/) });
    const foreign = await server.client({ retries: 0, tls: { ca: authority.ca, ...other.issue("client") } });
    await expect(foreign.echo("x")).rejects.toMatchObject({ code: expect.stringMatching(/^RUNNER_/) });
  });

  test("a client that does not trust the server's authority says so", async () => {
    const client = await server.client({ tls: { ca: other.ca } });
    await expect(client.echo("x")).rejects.toMatchObject({ code: "RUNNER_UNREACHABLE", message: expect.stringMatching(/certificate/) });
    expect(await client.runnerHandleIsReady(10_000)).toBe(false);
  });

  test("a closing server finishes encrypted calls, and waits for no handshake", async () => {
    await using closing = await SampleServer.start({ tls: authority.issue("closing") });
    const client = await closing.client({ tls: { ca: authority.ca } });
    const items = client.count.stream(2);
    await items.next();
    const silent = connect({ host: "127.0.0.1", port: closing.port });
    const ended = new Promise((resolve) => silent.once("close", resolve));
    silent.on("error", () => undefined);
    await new Promise((resolve) => silent.once("connect", resolve));
    const closed = closing.server.close({ graceMs: 60_000 });
    expect((await items.next()).value).toBe(1);
    expect((await items.next()).done).toBe(true);
    await closed;
    await ended;
  });

  test("a socket has none, since nobody else can connect to it", async () => {
    await using encrypted = new SampleServer({ tls: authority.issue("socket") });
    await expect(encrypted.server.listen({ socket: "/tmp/never.sock" })).rejects.toThrow(/Leave tls out/);
  });
});
