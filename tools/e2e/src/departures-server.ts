import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { CALLS_TYPE, Params, autoContainer, encodeBundle, encodeCall, type AnyRunner, type Payload } from "bentoml-core";
import { fixtureRunner, method } from "./fixtures.js";
import { Journal } from "./journal.js";
import { RemoteProcess } from "./remote-process.js";

/** Every call ends within this, ms, with an answer or a typed error. */
export const DEADLINE_MS = 30_000;

/** A runner server of the `Departures` fixture, a client of it, and the journal of its work. */
export class DeparturesServer implements AsyncDisposable {
  private constructor(
    readonly remote: RemoteProcess,
    readonly url: URL,
    readonly runner: AnyRunner,
    readonly journal: Journal,
  ) {}

  static async start(folder: string, isolation: "thread" | "process", workers = 2): Promise<DeparturesServer> {
    const { remote, url } = await RemoteProcess.start(0, { file: "departures", className: "Departures", isolation, workers });
    const methods = { echo: {}, echoOrWait: {}, block: {}, untilAborted: {}, blocks: { stream: true } };
    const runner = await fixtureRunner("departures", "Departures", methods, undefined, { graceMs: 0 }).initClient({ url });
    return new DeparturesServer(remote, new URL(url), runner, new Journal(join(folder, "journal")));
  }

  async echo(value: unknown): Promise<unknown> {
    return method(this.runner, "echo").with({ timeoutMs: DEADLINE_MS })(value);
  }

  /** A connection on which a call was written by hand, whole or without its last byte. */
  async call(name: string, args: readonly unknown[], isWhole = true): Promise<Socket> {
    const { headers, body } = encodeCall(paramsOf(args));
    return this.#write(name, { ...headers }, Buffer.concat(body), isWhole);
  }

  /** The same for several calls that travel together. */
  async bundle(name: string, calls: readonly (readonly unknown[])[], isWhole = true): Promise<Socket> {
    const body = Buffer.concat(encodeBundle(calls.map((args) => ({ marks: {}, call: paramsOf(args) }))));
    return this.#write(name, { "Content-Type": CALLS_TYPE, "Bento-Calls": String(calls.length), "Bento-Bundle": randomUUID() }, body, isWhole);
  }

  async #write(name: string, headers: Readonly<Record<string, string>>, body: Buffer, isWhole: boolean): Promise<Socket> {
    const socket = connect({ host: this.url.hostname, port: Number(this.url.port) });
    socket.on("error", () => undefined);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    const lines = Object.entries({ ...headers, Host: this.url.host, "Content-Length": String(body.byteLength) }).map(([header, value]) => `${header}: ${value}\r\n`);
    socket.write(`POST /${name} HTTP/1.1\r\n${lines.join("")}\r\n`);
    socket.write(isWhole ? body : body.subarray(0, -1));
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.destroy();
    await this.remote.end("SIGTERM");
  }
}

function paramsOf(args: readonly unknown[]): Params<Payload> {
  return new Params(args.map((value) => autoContainer.toPayload(value, 0) as Payload));
}
