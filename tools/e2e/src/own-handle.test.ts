import { NdArray, RemoteRunnerClient, isBentoMLError, type AbstractRunner, type AnyRunner, type CallOptions, type HandleStats, type MethodSpec, type Params, type RunnerHandle } from "bentoml-core";
import { RunnerServer } from "bentoml-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";

/** The class of `docs/runner-server.md`: two servers, the second for when the first cannot be reached. */
class TwoServers implements RunnerHandle {
  readonly facts = {};
  readonly #clients: readonly [RemoteRunnerClient, RemoteRunnerClient];

  constructor(runner: AbstractRunner, first: string, second: string) {
    const clientOf = (url: string): RemoteRunnerClient => new RemoteRunnerClient(runner, { url, retries: 0 });
    this.#clients = [clientOf(first), clientOf(second)];
  }

  async runMethod(spec: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    const [first, second] = this.#clients;
    try {
      return await first.runMethod(spec, params, options);
    } catch (error) {
      if (!isBentoMLError(error) || error.code !== "RUNNER_UNREACHABLE") throw error;
      return second.runMethod(spec, params, options);
    }
  }

  streamMethod(spec: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    return this.#clients[0].streamMethod(spec, params, options);
  }

  async isReady(timeoutMs: number): Promise<boolean> {
    const ready = await Promise.all(this.#clients.map((client) => client.isReady(timeoutMs)));
    return ready.includes(true);
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close(graceMs)));
  }

  stats(): HandleStats {
    return this.#clients[0].stats();
  }
}

const runnerOf = (): AnyRunner => fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { workers: 1, graceMs: 1_000 });
const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let servers: RunnerServer[];
let urls: string[];
let runner: AnyRunner;

beforeEach(async () => {
  servers = [1, 2].map(() => new RunnerServer({ runner: runnerOf(), ownsRunner: true }));
  urls = (await Promise.all(servers.map((server) => server.listen({ port: 0 })))).map(({ url }) => url);
  runner = await runnerOf().initClient(TwoServers, urls[0] as string, urls[1] as string);
});
afterEach(async () => {
  await runner.destroy();
  await Promise.all(servers.map((server) => server.close({ graceMs: 0 })));
});

test("a user's own handle class has the runner's calls, options and errors, and is closed with it", async () => {
  const double = method(runner, "double");
  expect(((await double(row(21))) as NdArray).toNested()).toEqual([[42]]);
  expect(await method(runner, "context").with({ requestId: "r-1" })(0)).toMatchObject({ requestIds: ["r-1"] });
  await expect(method(runner, "rootOfPositive")(row(-1))).rejects.toThrow(/^no root of a negative number$/);
  const reason = new Error("not wanted");
  await expect(double.with({ signal: AbortSignal.abort(reason) })(row(1))).rejects.toBe(reason);
  expect(() => double.runSync(row(1))).toThrow(/TwoServers, which has no way to run a method synchronously/);
  expect(await runner.runnerHandleIsReady(10_000)).toBe(true);
});

test("it decides by itself where a call goes", async () => {
  await servers[0]?.close({ graceMs: 1_000 });
  expect(((await method(runner, "double")(row(21))) as NdArray).toNested()).toEqual([[42]]);
  expect(await runner.runnerHandleIsReady(10_000)).toBe(true);
  await servers[1]?.close({ graceMs: 1_000 });
  await expect(method(runner, "double")(row(1))).rejects.toMatchObject({ code: "RUNNER_UNREACHABLE" });
  expect(await runner.runnerHandleIsReady(10_000)).toBe(false);
});
