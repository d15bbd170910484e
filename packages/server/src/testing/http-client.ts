import { request, type Agent, type IncomingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";

/** A request; no header is added but Host, Connection and Content-Length. */
export interface TestRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** An object is sent as JSON. */
  readonly body?: string | Buffer | object;
  readonly agent?: Agent;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON; fails when it is none. */
  json(): Record<string, unknown>;
}

/** Sends a request to a server on this machine. */
export function send(port: number, { method, path, headers = {}, body, agent }: TestRequest): Promise<TestResponse> {
  const bytes = bodyBytes(body);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method: method ?? (bytes ? "POST" : "GET"), path, headers: { ...headers }, agent: agent ?? false });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => resolve(testResponse(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks))));
    });
    if (bytes !== undefined && headers["Content-Length"] === undefined && headers["Transfer-Encoding"] === undefined) {
      outgoing.setHeader("Content-Length", bytes.length);
    }
    outgoing.end(bytes);
  });
}

function bodyBytes(body: TestRequest["body"]): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function testResponse(status: number, headers: IncomingHttpHeaders, bytes: Buffer): TestResponse {
  const text = bytes.toString();
  return { status, headers, bytes, text, json: () => JSON.parse(text) as Record<string, unknown> };
}

/** A JSON part followed by binary tensors, with the header that says so. */
export function binaryRequest(path: string, json: object, ...tensors: readonly Uint8Array[]): TestRequest {
  const header = Buffer.from(JSON.stringify(json));
  return { path, headers: { "Inference-Header-Content-Length": header.length }, body: Buffer.concat([header, ...tensors]) };
}

/** Opens a bare connection, for what no HTTP client would send. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Everything that the server sends until it closes the connection. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

/** Reads until what has come satisfies `isEnough`. */
export function readUntil(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (!isEnough(text)) return;
      socket.off("data", take);
      resolve(text);
    };
    socket.on("data", take);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`the connection closed after: ${text}`)));
  });
}
