import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isBentoMLError, NdArray, type BentoMLError } from "bentoml-core";
import { afterEach, describe, expect, test } from "vitest";
import type { TritonClientOptions } from "./client-options.js";
import { TritonClient } from "./triton-client.js";

/** What a real server does only when it fails, or never: the rest is tested against a real Triton. */

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers so, a client of it, and the requests that came. */
async function faulty(answer: Answer, options: TritonClientOptions = {}): Promise<{ client: TritonClient; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response, requests.push(request));
  });
  const client = new TritonClient(await listening(server), options);
  open.push(async () => {
    await client.close({ atOnce: true });
    server.closeAllConnections();
    server.close();
  });
  return { client, requests };
}

async function errorOf(call: Promise<unknown>): Promise<BentoMLError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  if (isBentoMLError(error)) return error;
  throw new Error("The call should have been refused.", { cause: error });
}

const x = { x: NdArray.from([1]) };
const metadata = JSON.stringify({ name: "s", version: "1", extensions: [] });

describe("connections", () => {
  test("a server that is not there", async () => {
    const server = createServer();
    const url = await listening(server);
    server.close();
    const client = new TritonClient(url, { retries: 1 });
    const error = await errorOf(client.infer("m", x));
    expect([error.code, error.httpStatus]).toEqual(["SERVER_UNREACHABLE", 503]);
    expect(error.message).toContain(`The inference server at ${url} cannot be reached`);
    const stream = await errorOf(client.generateStream("m", {}).next());
    expect(stream.code).toBe("SERVER_UNREACHABLE");
    await client.close();
  });

  test("one that breaks: what reads is sent again once, what runs a model is not, unless it may", async () => {
    const { client, requests } = await faulty((_request, response) => response.destroy());
    expect((await errorOf(client.getServerMetadata())).code).toBe("SERVER_CONNECTION_LOST");
    expect(requests).toHaveLength(2);
    const error = await errorOf(client.infer("m", x));
    expect([error.code, error.httpStatus]).toEqual(["SERVER_CONNECTION_LOST", 502]);
    expect(requests).toHaveLength(3);
    expect((await errorOf(client.infer("m", x, { idempotent: true }))).code).toBe("SERVER_CONNECTION_LOST");
    expect(requests).toHaveLength(5);
    expect((await errorOf(client.registerSystemSharedMemory("r", "/k", 1))).code).toBe("SERVER_CONNECTION_LOST");
    expect(requests).toHaveLength(6);
  });

  test("one that breaks in the middle of an answer is never tried again", async () => {
    const { client, requests } = await faulty((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect((await errorOf(client.getServerMetadata())).code).toBe("SERVER_CONNECTION_LOST");
    expect(requests).toHaveLength(1);
  });

  test("one that broke while a server restarted is made anew", async () => {
    const { client } = await faulty((_request, response, count) => (count === 1 ? response.destroy() : response.end(metadata)));
    expect(await client.getServerMetadata()).toMatchObject({ name: "s" });
  });

  test("a server that never answers: the deadline, and an abort, also of a call that waits for a connection", async () => {
    const { client } = await faulty(() => undefined, { maxConnections: 1, timeoutMs: 30 });
    const error = await errorOf(client.infer("m", x));
    expect([error.code, error.httpStatus]).toEqual(["DEADLINE_EXCEEDED", 504]);
    expect(error.message).toContain("was not answered within timeoutMs 30");
    const reason = new Error("gone");
    const aborted = new AbortController();
    const calls = [1, 2].map(() => client.infer("m", x, { signal: aborted.signal, timeoutMs: 60_000 }));
    aborted.abort(reason);
    for (const call of calls) await expect(call).rejects.toBe(reason);
  });

  test("a client that is closed", async () => {
    const { client } = await faulty((_request, response) => response.end(metadata));
    await client.getServerMetadata();
    await client.close();
    expect((await errorOf(client.getServerMetadata())).code).toBe("CLIENT_CLOSED");
    expect((await errorOf(client.generateStream("m", {}).next())).code).toBe("CLIENT_CLOSED");
  });
});

describe("requests", () => {
  test("a header that cannot be sent is the caller's fault, not that of a server that is away", async () => {
    const client = new TritonClient("http://127.0.0.1:1", { headers: { authorization: "two\nlines" } });
    for (const call of [client.getServerMetadata(), client.generateStream("m", {}).next()]) {
      expect(await errorOf(call)).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("authorization") });
    }
    await client.close();
  });

  test("headers of the client and of the call, the query, and a path in front", async () => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      response.end(metadata);
    });
    const url = await listening(server);
    const client = new TritonClient(`${url}/a/b/`, { headers: { authorization: "one", "x-kept": "k" } });
    await client.getServerMetadata({ headers: { authorization: "two" }, query: { q: ["1", "2"] } });
    await client.getModelMetadata("a b/c", { modelVersion: "1" }).catch(() => undefined);
    expect(seen[0]).toMatchObject({ url: "/a/b/v2?q=1&q=2", headers: { authorization: "two", "x-kept": "k" } });
    expect(seen[1]?.url).toBe("/a/b/v2/models/a%20b%2Fc/versions/1");
    await client.close();
    server.close();
  });

  test.each<[string, () => unknown, string]>([
    ["an address that is none", () => new TritonClient("ftp://x"), 'must be "http://host:port"'],
    ["credentials in it", () => new TritonClient("http://me:secret@x"), "Give credentials as headers"],
    ["an option that there is not", () => new TritonClient("x:1", { timeout: 1 } as object), 'has no option "timeout"'],
    ["a number that does not fit", () => new TritonClient("x:1", { maxConnections: 0 }), "maxConnections of a Triton client is 0"],
    ["an encoding that there is not", () => new TritonClient("x:1", { encoding: "xml" as "json" }), 'encoding is "xml"'],
    ["keys without encryption", () => new TritonClient("http://x:1", { tls: {} }), 'The option "tls" needs a url of "https://"'],
  ])("refuses %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });

  test("refuses what it cannot send, as a rejection", async () => {
    const client = new TritonClient("http://127.0.0.1:9");
    await expect(client.infer("", x)).rejects.toThrow("The name of a model must not be empty.");
    await expect(client.infer("m", x, { requestCompression: "br" as "gzip" })).rejects.toThrow('A compression is "br"');
    await expect(client.generate("m", { n: 1n })).rejects.toThrow("The body of the request cannot become JSON");
    await client.close();
  });
});

describe("answers of other servers", () => {
  test("KServe's health says in its body that it is not ready", async () => {
    const { client } = await faulty((_request, response) => response.end('{"ready":false,"live":true}'));
    expect([await client.isServerReady(), await client.isServerLive()]).toEqual([false, true]);
  });

  test.each([
    [422, '{"detail":[{"msg":"bad"}]}', "BentoMLError", '[{"msg":"bad"}]'],
    [502, "<html>proxy</html>", "BentoMLError", "<html>proxy</html>"],
    [500, "", "ModelRunError", "(no text)"],
  ])("a status %s", async (status, body, name, text) => {
    const { client } = await faulty((_request, response) => response.writeHead(status).end(body));
    const error = await errorOf(client.infer("m", x));
    expect([error.name, error.httpStatus]).toEqual([name, status]);
    expect(error.message).toContain(`was answered with ${status}: ${text}`);
  });

  test.each([
    ["no JSON", {}, "<html>"],
    ["an encoding that was not asked for", { "content-encoding": "br" }, "x"],
    ["a broken body", { "content-encoding": "gzip" }, "x"],
    ["a header length that is no number", { "inference-header-content-length": "x" }, "{}"],
  ])("%s under a success", async (_name, headers, body) => {
    const { client } = await faulty((_request, response) => response.writeHead(200, headers).end(body));
    expect((await errorOf(client.infer("m", x))).code).toBe("BAD_SERVER_REPLY");
  });
});
