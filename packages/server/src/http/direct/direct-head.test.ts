import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDirectHead, type DirectHead } from "./direct-head.js";

const limits = { maxHeaders: 100, maxHeaderBytes: 16 * 1024 };
const plain = ["POST /v2/models/m/infer HTTP/1.1", "Host: a", "Content-Length: 4"];

function read(lines: readonly string[], rest = "body"): DirectHead | undefined {
  return readDirectHead(Buffer.from([...lines, "", rest].join("\r\n"), "latin1"), limits);
}

test("a plain head is read as it was sent", () => {
  expect(read([...plain, "X-Empty:", "x-Spaced: \t a  b\t ", "Connection: Keep-Alive"])).toEqual({
    url: "/v2/models/m/infer",
    rawHeaders: ["Host", "a", "Content-Length", "4", "X-Empty", "", "x-Spaced", "a  b", "Connection", "Keep-Alive"],
    contentLength: 4,
    bytes: 118,
  });
});

test.each<[string, readonly string[]]>([
  ["another method", ["GET / HTTP/1.1", "Host: a", "Content-Length: 0"]],
  ["an older version", ["POST / HTTP/1.0", "Host: a", "Content-Length: 0"]],
  ["a whole URL", ["POST http://a/ HTTP/1.1", "Host: a", "Content-Length: 0"]],
  ["two spaces", ["POST  / HTTP/1.1", "Host: a", "Content-Length: 0"]],
  ["a control character in the URL", ["POST /\x7f HTTP/1.1", "Host: a", "Content-Length: 0"]],
  ["no host", ["POST / HTTP/1.1", "Content-Length: 0"]],
  ["two hosts", [...plain, "host: b"]],
  ["no length", ["POST / HTTP/1.1", "Host: a"]],
  ["two lengths that are equal", [...plain, "content-length: 4"]],
  ["a length with a sign", ["POST / HTTP/1.1", "Host: a", "Content-Length: +4"]],
  ["a list of lengths", ["POST / HTTP/1.1", "Host: a", "Content-Length: 4, 4"]],
  ["a length that no number can hold", ["POST / HTTP/1.1", "Host: a", `Content-Length: ${"9".repeat(16)}`]],
  ["chunks", [...plain, "Transfer-Encoding: chunked"]],
  ["an expectation", [...plain, "Expect: 100-continue"]],
  ["another protocol", [...plain, "Upgrade: websocket"]],
  ["a connection that ends", [...plain, "Connection: close"]],
  ["a list in Connection", [...plain, "Connection: keep-alive, close"]],
  ["a space before the colon", [...plain, "X-A : 1"]],
  ["a folded line", [...plain, "X-A: 1", " 2"]],
  ["a line without a colon", [...plain, "X-A"]],
  ["a line without a name", [...plain, ": 1"]],
  ["a bare line feed", [...plain, "X-A: 1\nX-B: 2"]],
  ["a bare carriage return", [...plain, "X-A: 1\rX-B: 2"]],
  ["a null character", [...plain, "X-A: \0"]],
  ["letters beyond ASCII", [...plain, "X-A: \xe4"]],
  ["too many headers", [...plain, ...Array.from({ length: 99 }, (_, index) => `X-${index}: 1`)]],
  ["too many bytes", [...plain, `X-A: ${"a".repeat(limits.maxHeaderBytes)}`]],
])("%s is left to Node", (_what, lines) => {
  expect(read(lines)).toBeUndefined();
});

test("a head that is not whole is left to Node", () => {
  const bytes = Buffer.from([...plain, "", ""].join("\r\n"));
  for (let length = 0; length < bytes.length; length++) expect(readDirectHead(bytes.subarray(0, length), limits)).toBeUndefined();
  expect(readDirectHead(bytes, limits)).toBeDefined();
});

/** A connection that has received these bytes, and nothing more. */
class Received extends Duplex {
  constructor(bytes: Buffer) {
    super();
    this.push(bytes);
  }

  override _read(): void {
    // Nothing more comes.
  }

  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

interface ReadByNode {
  readonly request: Pick<IncomingMessage, "method" | "url" | "rawHeaders">;
  readonly body: string;
}

/** What Node's own server reads first on a connection; undefined for what it refuses. */
function readByNode(bytes: Buffer): Promise<ReadByNode | undefined> {
  return new Promise((resolve) => {
    const server = createServer((request) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      request.on("end", () => resolve({ request, body }));
    });
    server.on("clientError", () => resolve(undefined));
    server.emit("connection", new Received(bytes));
  });
}

const letters = fc.constantFrom("a", "B", "7", "-", "_", "!", " ", "\t", ":", ",", ";", '"', "\r", "\n", "\0", "\x7f", "\xe4", "(", "%");
const names = fc.oneof(fc.constantFrom("Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "X-A", "Content-Type"), fc.string({ unit: letters, maxLength: 4 }));
const values = fc.oneof(fc.constantFrom("4", "04", "0", "+4", "4 ", "keep-alive", "Keep-Alive", "close", "chunked", "localhost", "h2c"), fc.string({ unit: letters, maxLength: 6 }));
const separators = fc.oneof({ weight: 12, arbitrary: fc.constant(": ") }, { weight: 1, arbitrary: fc.constantFrom(":", " : ", ":\t", "") });
const headers = fc.tuple(names, separators, values).map((parts) => parts.join(""));
const urls = fc.oneof({ weight: 4, arbitrary: fc.constant("/v2/models/m/infer") }, { weight: 1, arbitrary: fc.string({ unit: letters, maxLength: 5 }).map((text) => `/${text}`) });
const firstLines = fc.oneof({ weight: 9, arbitrary: urls.map((url) => `POST ${url} HTTP/1.1`) }, { weight: 1, arbitrary: fc.constantFrom("POST / HTTP/1.0", "POST /  HTTP/1.1", "post / HTTP/1.1", "") });
const lineEnds = fc.oneof({ weight: 30, arbitrary: fc.constant("\r\n") }, { weight: 1, arbitrary: fc.constantFrom("\n", "\r", "\r\r\n") });

test("whatever it takes, Node reads in the same way", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(firstLines, fc.array(headers, { maxLength: 4 }), lineEnds, fc.boolean(), async (first, more, lineEnd, isPlain) => {
      const lines = [first, ...(isPlain ? ["Host: a", "Content-Length: 4"] : []), ...more];
      const bytes = Buffer.from(`${lines.join(lineEnd)}\r\n\r\nbodyPOST /next HTTP/1.1\r\n`, "latin1");
      const head = readDirectHead(bytes, limits);
      if (head === undefined) return;
      taken++;
      const { bytes: length, contentLength, url, rawHeaders } = head;
      // The bytes behind the body are not Node's to judge here.
      const byNode = await readByNode(bytes.subarray(0, length + contentLength));
      const body = bytes.toString("latin1", length, length + contentLength);
      expect({ method: byNode?.request.method, url: byNode?.request.url, rawHeaders: byNode?.request.rawHeaders, body: byNode?.body }).toEqual({ method: "POST", url, rawHeaders, body });
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(200);
});
