import { readFile } from "node:fs/promises";
import { isBentoMLError, NdArray } from "bentoml-core";
import { TritonClient, TritonRunner } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";

const x = NdArray.from([[1, 2, 3, 4]]);
const IN_FLIGHT = 16;
/** Codes of calls that a dying server leaves behind; SERVICE_BUSY is what one says that still starts. */
const codes = new Set(["SERVER_UNREACHABLE", "SERVER_CONNECTION_LOST", "SERVICE_BUSY"]);

let triton: StartedTriton;

beforeAll(async () => {
  triton = await startTriton({ models: ["linear_batched"] });
});

afterAll(() => triton.stop());

/** Connections of this machine to the server that are not closed, by Linux's own table. */
async function openSockets(): Promise<number> {
  const port = Number(new URL(triton.url).port).toString(16).toUpperCase().padStart(4, "0");
  const lines = (await readFile("/proc/net/tcp", "utf8")).split("\n");
  const ESTABLISHED = "01";
  return lines.filter((line) => {
    const [, , remote = "", state] = line.trim().split(/\s+/);
    return remote.endsWith(`:${port}`) && state === ESTABLISHED;
  }).length;
}

describe("a server that is killed and started again under load", () => {
  test("calls fail with our errors, then go on, and no connection is left over", async () => {
    const client = new TritonClient(triton.url, { maxConnections: IN_FLIGHT, retries: 0 });
    const runner = new TritonRunner({ url: triton.url, models: { linear: { modelName: "linear_batched" } }, client: { maxConnections: IN_FLIGHT, retries: 0 } });
    const failures: unknown[] = [];
    let successes = 0;
    let isOver = false;
    const call = [() => client.infer("linear_batched", { x }), () => runner.methods["linear"]?.(x)];
    const load = Array.from({ length: IN_FLIGHT }, async (_unused, index) => {
      while (!isOver) {
        try {
          await call[index % 2]?.();
          successes++;
        } catch (error) {
          failures.push(error);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    });
    await vi.waitFor(() => expect(successes).toBeGreaterThan(50), 20_000);
    await triton.kill();
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(IN_FLIGHT), 20_000);
    expect(await runner.runnerHandleIsReady(0)).toBe(false);
    await triton.restart();
    const before = successes;
    await vi.waitFor(() => expect(successes).toBeGreaterThan(before + 50), 20_000);
    isOver = true;
    await Promise.all(load);
    for (const failure of failures) expect(isBentoMLError(failure) && codes.has(failure.code), String(failure)).toBe(true);
    expect(await runner.runnerHandleIsReady(5_000)).toBe(true);
    expect(await openSockets()).toBeLessThanOrEqual(2 * IN_FLIGHT);
    await Promise.all([client.close(), runner.destroy()]);
    await vi.waitFor(async () => expect(await openSockets()).toBe(0), 10_000);
  });

  test("with retries, a call that meets a server that is away waits for it", async () => {
    const client = new TritonClient(triton.url, { retries: 30 });
    await triton.kill();
    const answer = client.infer("linear_batched", { x });
    answer.catch(() => undefined);
    await triton.restart();
    expect((await answer).asNdArray("y").at(0, 0)).toBe(60.5);
    await client.close();
  });
});
