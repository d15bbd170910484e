import { EventEmitter, once } from "node:events";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openSocket, readToEnd, readUntil } from "../../testing/http-client.js";
import type { Answer, ArrivingRequest } from "../answer.js";
import { jsonErrors } from "../error-form.js";
import { createFrontServer } from "../front-server.js";
import { OpenConnections } from "../open-connections.js";
import { resolveLimits, type ServerLimits } from "../server-limits.js";

type Handler = (request: ArrivingRequest, answer: Answer, body: string) => void;

/** A server of one direct route, "/echo", and what came to it by which way. */
class Lane {
  readonly connections = new OpenConnections();
  readonly ways: ("direct" | "node")[] = [];
  readonly server: Server;

  constructor(handler: Handler = echo, limits: Partial<ServerLimits> = {}, { isDirect = true } = {}) {
    const answer = (way: "direct" | "node", request: ArrivingRequest, response: Answer): void => {
      this.ways.push(way);
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => handler(request, response, Buffer.concat(chunks).toString("latin1")));
    };
    this.server = createFrontServer((request, response) => answer("node", request, response), {
      limits: resolveLimits(limits),
      connections: this.connections,
      errorForm: jsonErrors,
      ...(isDirect ? { direct: (url) => (url === "/echo" ? { answer: (request, response) => answer("direct", request, response) } : undefined) } : {}),
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connections.destroy();
    this.server.close();
    await once(this.server, "close");
  }
}

function echo(request: ArrivingRequest, answer: Answer, body: string): void {
  const text = `${String(request.method)} ${String(request.url)} ${body}`;
  answer.writeHead(200, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(text, "latin1") });
  answer.end(text, "latin1");
}

function post(body: string, { url = "/echo", headers = [] as readonly string[] } = {}): string {
  return [`POST ${url} HTTP/1.1`, "Host: x", `Content-Length: ${body.length}`, ...headers, "", body].join("\r\n");
}

/** A part that is no whole request has been read by then, ms. */
const UNANSWERED_MS = 300;

/** What the server answers to these parts, each sent when the one before has been answered or, where nothing answers it, a moment later. */
async function conversation(port: number, parts: readonly string[]): Promise<string> {
  const socket = await openSocket(port);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  for (const part of parts) {
    if (!socket.writable) break;
    socket.write(part, "latin1");
    await Promise.race([once(socket, "data"), once(socket, "close"), new Promise((resolve) => setTimeout(resolve, UNANSWERED_MS))]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  socket.end();
  if (!socket.closed) await once(socket, "close");
  return text.replace(/Date: [^\r]*/g, "Date: now");
}

test("requests of a connection are answered one after the other, whatever differs between their heads", async () => {
  await using lane = new Lane();
  const port = await lane.listen();
  const answers = await conversation(port, [post("a"), post("b"), post("longer", { headers: ["X-A: 1"] }), post("c"), post("")]);
  expect([...answers.matchAll(/POST .*?(?=HTTP|$)/g)].map(String)).toEqual(["POST /echo a", "POST /echo b", "POST /echo longer", "POST /echo c", "POST /echo "]);
  expect(lane.ways).toEqual(Array.from({ length: 5 }, () => "direct"));
});

test("a body that comes in parts is read to its end", async () => {
  await using lane = new Lane();
  const port = await lane.listen();
  const request = post("0123456789");
  const socket = await openSocket(port);
  socket.setNoDelay(true);
  for (const part of [request.slice(0, -9), ...Array.from("123456789")]) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await readUntil(socket, (text) => text.endsWith("9"))).toContain("POST /echo 0123456789");
  expect(lane.ways).toEqual(["direct"]);
  socket.destroy();
});

test.each<[string, readonly string[], readonly string[]]>([
  ["another URL", [post("a"), post("b", { url: "/other" }), post("c")], ["direct", "node", "node"]],
  ["another method", [post("a"), "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", post("c")], ["direct", "node", "node"]],
  ["chunks", [post("a"), "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"], ["direct", "node"]],
  ["an expectation", ["POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n", "b"], ["node"]],
  ["a connection that ends", [post("a"), post("b", { headers: ["Connection: close"] }), post("c")], ["direct", "node"]],
  ["a head in parts", [post("a"), "POST /echo HT", "TP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb", post("c")], ["direct", "node", "node"]],
  ["requests that come together", [post("a"), post("b") + post("c") + post("d"), post("e")], ["direct", "node", "node", "node", "node"]],
  ["no request at all", [post("a"), "hello\r\n\r\n"], ["direct"]],
  ["a header too many", [post("a", { headers: Array.from({ length: 99 }, (_, index) => `X-${index}: 1`) })], []],
  ["a body that ends early", [post("a"), "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb"], ["direct", "direct"]],
])("%s is answered as Node's server alone would do it", async (_what, parts, ways) => {
  await using lane = new Lane();
  await using alone = new Lane(echo, {}, { isDirect: false });
  const [ours, nodes] = await Promise.all([lane, alone].map(async (one) => conversation(await one.listen(), parts)));
  expect(ours).toBe(nodes);
  expect(ours).toContain("HTTP/1.1 ");
  expect(lane.ways).toEqual(ways);
});

const oneRequest = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom("a", "\r", "\n", "POST", " "), maxLength: 9 }).map((body) => post(body)) },
  { weight: 1, arbitrary: fc.constant(post("", { url: "/other" })) },
  { weight: 1, arbitrary: fc.constant("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n") },
  { weight: 1, arbitrary: fc.constant("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") },
);
/** Closes the connection. What is no request stands in the table above: whether Node still answers what came before it is a matter of time. */
const lastRequest = post("last", { headers: ["Connection: close"] });

/** Where the network cuts a text: after each request, as when a client awaits its answers, or anywhere. */
const cutPlaces = fc.oneof(fc.constant("after each request" as const), fc.array(fc.nat({ max: 400 }), { maxLength: 8 }));

function endsOf(requests: readonly string[]): number[] {
  let end = 0;
  return requests.map(({ length }) => (end += length));
}

test("requests are answered as by Node's server alone, wherever the network cuts them", async () => {
  const delayed: Handler = (request, answer, body) => void setImmediate(() => echo(request, answer, body));
  await using lane = new Lane(delayed);
  await using alone = new Lane(delayed, {}, { isDirect: false });
  const ports = await Promise.all([lane, alone].map((one) => one.listen()));
  await fc.assert(
    fc.asyncProperty(fc.array(oneRequest, { maxLength: 6 }), cutPlaces, fc.boolean(), async (requests, places, waits) => {
      const text = [...requests, lastRequest].join("");
      const inside = places === "after each request" ? endsOf(requests) : places.sort((one, other) => one - other);
      const cuts = [0, ...inside, text.length];
      const [ours, nodes] = await Promise.all(
        ports.map(async (port) => {
          const socket = await openSocket(port);
          socket.setNoDelay(true);
          const answers = readToEnd(socket);
          for (const [index, cut] of cuts.entries()) {
            const part = text.slice(cut, cuts[index + 1]);
            if (part !== "" && socket.writable) socket.write(part, "latin1");
            if (waits || places === "after each request") await new Promise((resolve) => setTimeout(resolve, 1));
          }
          return (await answers).replace(/Date: [^\r]*/g, "Date: now");
        }),
      );
      expect(ours).toBe(nodes);
    }),
    { numRuns: 300 },
  );
  expect(lane.ways.filter((way) => way === "direct").length).toBeGreaterThan(10);
}, 60_000);

test("what comes while an answer is awaited waits, and is answered in its order", async () => {
  const answers: (() => void)[] = [];
  await using lane = new Lane((request, answer, body) => void answers.push(() => echo(request, answer, body)));
  const socket = await openSocket(await lane.listen());
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.write(post("first"));
  await expect.poll(() => answers.length).toBe(1);
  socket.write(post("second") + post("third"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lane.ways).toEqual(["direct"]);
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.();
  answers[1]?.();
  await expect.poll(() => text).toMatch(/first[^]*second[^]*third/);
  expect(lane.ways).toEqual(["direct", "node", "node"]);
  socket.destroy();
});

test("a client that goes is noticed also when he has sent the next request already", async () => {
  const ends: boolean[] = [];
  await using lane = new Lane((_request, answer) => void answer.once("close", () => ends.push(answer.writableFinished)));
  const socket = await openSocket(await lane.listen());
  socket.write(post("a"));
  await expect.poll(() => lane.ways.length).toBe(1);
  socket.write(post("b"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  await expect.poll(() => ends).toEqual([false]);
});

test("a client that sends more and more while he waits is read no further", async () => {
  await using lane = new Lane(() => undefined);
  const socket = await openSocket(await lane.listen());
  socket.write(post("a"));
  await expect.poll(() => lane.ways.length).toBe(1);
  socket.write("x".repeat(40_000_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  // What the system's buffers hold is its own.
  expect(socket.writableLength).toBeGreaterThan(20_000_000);
  socket.destroy();
});

test("a client that does not read its answer gets the next one only after it", async () => {
  const large = "x".repeat(20_000_000);
  await using lane = new Lane((_request, answer, body) => {
    const text = body === "large" ? large : body;
    answer.writeHead(200, { "Content-Length": text.length });
    answer.end(body === "large" ? Buffer.from(text) : text, "latin1");
  });
  const socket = await openSocket(await lane.listen());
  socket.pause();
  socket.write(post("large"));
  await expect.poll(() => lane.ways.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(post("small"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lane.ways).toEqual(["direct"]);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).resume();
  await expect.poll(() => chunks.at(-1)?.toString("latin1")).toMatch(/small$/);
  const answers = Buffer.concat(chunks).toString("latin1");
  expect(answers.match(/x{2,}/)?.[0]).toHaveLength(large.length);
  expect(lane.ways).toEqual(["direct", "direct"]);
  socket.destroy();
});

test("a client that goes is told to whoever waits for the end of its answer", async () => {
  const ends: boolean[] = [];
  await using lane = new Lane((_request, answer, body) => {
    answer.once("close", () => ends.push(answer.writableFinished));
    if (body === "answer") echo(_request, answer, body);
  });
  const socket = await openSocket(await lane.listen());
  socket.write(post("answer"));
  await expect.poll(() => ends).toEqual([true]);
  socket.write(post("wait"));
  await expect.poll(() => lane.ways.length).toBe(2);
  socket.destroy();
  await expect.poll(() => ends).toEqual([true, false]);
});

test("an answer after the end of its connection is nobody's, and breaks nothing", async () => {
  const answers: (() => void)[] = [];
  await using lane = new Lane((request, answer, body) => void answers.push(() => echo(request, answer, body)));
  const port = await lane.listen();
  const socket = await openSocket(port);
  socket.write(post("a"));
  await expect.poll(() => answers.length).toBe(1);
  socket.resetAndDestroy();
  await expect.poll(() => lane.connections.count).toBe(0);
  answers[0]?.();
  const other = await openSocket(port);
  other.write(post("b"));
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  await readUntil(other, (text) => text.endsWith("POST /echo b"));
  other.destroy();
});

test("the last answer of a connection says so and ends it", async () => {
  await using lane = new Lane((request, answer, body) => {
    answer.shouldKeepAlive = false;
    echo(request, answer, body);
  });
  const socket = await openSocket(await lane.listen());
  socket.write(post("a"));
  expect(await readToEnd(socket)).toMatch(/Connection: close\r\n\r\nPOST \/echo a$/);
});

test("requests wait while the server holds them, with what has come of their bodies", async () => {
  await using lane = new Lane();
  const socket = await openSocket(await lane.listen());
  lane.connections.hold();
  socket.write(post("0123456789").slice(0, -5));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write("56789");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lane.ways).toEqual([]);
  lane.connections.release();
  await readUntil(socket, (text) => text.endsWith("POST /echo 0123456789"));
  expect(lane.ways).toEqual(["direct"]);
  socket.destroy();
});

test.each<[string, readonly string[], Partial<ServerLimits>, RegExp]>([
  ["a connection on which nothing comes", [], { headersTimeoutMs: 1 }, /^HTTP\/1.1 408 /],
  ["a body that does not come", [post("ab").slice(0, -1)], { requestTimeoutMs: 1 }, /^HTTP\/1.1 408 /],
  ["a connection that is idle", [post("a")], { keepAliveTimeoutMs: 1, headersTimeoutMs: 100 }, /^HTTP\/1.1 200 [^]*POST \/echo a$/],
])("%s is ended in its time", async (_what, parts, limits, answer) => {
  await using lane = new Lane(echo, limits);
  const socket = await openSocket(await lane.listen());
  for (const part of parts) socket.write(part);
  expect(await readToEnd(socket)).toMatch(answer);
});

test("a connection that is answered for long is not ended for it", async () => {
  const answers: (() => void)[] = [];
  await using lane = new Lane((request, answer, body) => void answers.push(() => echo(request, answer, body)), { headersTimeoutMs: 1, requestTimeoutMs: 1, keepAliveTimeoutMs: 1 });
  const socket = await openSocket(await lane.listen());
  socket.write(post("a"));
  await expect.poll(() => answers.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 350));
  answers[0]?.();
  expect(await readToEnd(socket)).toMatch(/POST \/echo a$/);
});

test("who looks at the requests of node:http sees all of them", async () => {
  await using lane = new Lane();
  const port = await lane.listen();
  const look = (): void => undefined;
  subscribe("http.server.request.start", look);
  onTestFinished(() => void unsubscribe("http.server.request.start", look));
  await conversation(port, [post("a")]);
  unsubscribe("http.server.request.start", look);
  const emitted: string[] = [];
  // By this every agent that traces programs gets to know of requests.
  Server.prototype.emit = function (event: string, ...values: unknown[]) {
    emitted.push(event);
    return EventEmitter.prototype.emit.call(this, event, ...values);
  };
  onTestFinished(() => void Reflect.deleteProperty(Server.prototype, "emit"));
  await conversation(port, [post("b")]);
  expect(lane.ways).toEqual(["node", "node"]);
  expect(emitted).toContain("request");
});
