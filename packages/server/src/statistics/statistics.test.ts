import { channel } from "node:diagnostics_channel";
import { InvalidArgumentError, type BatchEvent } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { fakeModel } from "../testing/fake-runner.js";
import { send } from "../testing/http-client.js";
import { doubling, goodBody, serve, type TestServer } from "../testing/served-fixtures.js";
import type { ProcessStatistics } from "./process-statistics.js";

interface Row {
  readonly name: string;
  readonly version: string;
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<Record<string, { readonly count: number; readonly ns: number }>>;
  readonly batch_stats: readonly object[];
}

async function rows({ port }: TestServer, path: string): Promise<readonly Row[]> {
  return (await send(port, { path })).json()["model_stats"] as readonly Row[];
}

const batch: BatchEvent = {
  runner: "double",
  method: "run",
  workerIndex: 0,
  requests: 2,
  items: 5,
  queueWaitMs: 3,
  summedQueueWaitMs: 4,
  durationMs: 20,
  handOverMs: 1,
  readMs: 2,
  outcome: "ok",
};
const publish = (event: Partial<BatchEvent>): void => channel("bentoml:batch").publish({ ...batch, ...event });

describe("the statistics extension", () => {
  test("counts batches as the protocol does: a request's times are its batch's, a batch's its own", async () => {
    await using server = await serve([doubling()]);
    publish({});
    publish({ requests: 1, items: 1, summedQueueWaitMs: 0.5, durationMs: 10, handOverMs: 0.25, readMs: 0.75 });
    publish({ outcome: "failed" });
    publish({ runner: "other" });
    publish({ method: "other" });
    const [row] = await rows(server, "/v2/models/double/stats");
    expect(row).toMatchObject({
      name: "double",
      version: "v1",
      inference_count: 6,
      execution_count: 2,
      inference_stats: {
        queue: { count: 3, ns: 4.5e6 },
        compute_input: { count: 3, ns: 2.25e6 },
        compute_infer: { count: 3, ns: 43e6 },
        compute_output: { count: 3, ns: 4.75e6 },
        cache_hit: { count: 0, ns: 0 },
        cache_miss: { count: 0, ns: 0 },
      },
      batch_stats: [
        { batch_size: 1, compute_input: { count: 1, ns: 0.25e6 }, compute_infer: { count: 1, ns: 9e6 }, compute_output: { count: 1, ns: 0.75e6 } },
        { batch_size: 5, compute_input: { count: 1, ns: 1e6 }, compute_infer: { count: 1, ns: 17e6 }, compute_output: { count: 1, ns: 2e6 } },
      ],
    });
  });

  test("counts requests that reached the runner; a request that cannot be read is none", async () => {
    const failing = fakeModel("bad", doubling().inputs, doubling().outputs, () => {
      throw new InvalidArgumentError("no");
    });
    await using server = await serve([doubling(), failing]);
    const before = Date.now();
    const answers = [];
    for (const [name, body] of [["double", goodBody], ["double", goodBody], ["double", {}], ["bad", goodBody]] as const) {
      answers.push((await send(server.port, { path: `/v2/models/${name}/infer`, body })).status);
    }
    expect(answers).toEqual([200, 200, 400, 400]);
    const all = await rows(server, "/v2/models/stats");
    expect(all.map(({ name, inference_stats: { success, fail } }) => [name, success?.count, fail?.count])).toEqual([["double", 2, 0], ["bad", 0, 1]]);
    expect(all[0]?.inference_stats["success"]?.ns).toBeGreaterThan(0);
    expect(all[0]?.last_inference).toBeGreaterThanOrEqual(before - 1);
    expect(Number.isInteger(all[0]?.last_inference)).toBe(true);
  });

  test("is there for one version, all of a model's, and all; unknown ones are 404", async () => {
    const other = { ...doubling(), version: "v2" };
    await using server = await serve([doubling(), other, doubling("third")]);
    const versions = async (path: string): Promise<unknown> => (await rows(server, path)).map(({ name, version }) => `${name}:${version}`);
    expect(await versions("/v2/models/double/versions/v2/stats")).toEqual(["double:v2"]);
    expect(await versions("/v2/models/double/stats")).toEqual(["double:v1", "double:v2"]);
    expect(await versions("/v2/models/stats")).toEqual(["double:v1", "double:v2", "third:v1"]);
    for (const path of ["/v2/models/nope/stats", "/v2/models/double/versions/v9/stats"]) expect((await send(server.port, { path })).status).toBe(404);
    expect((await send(server.port, { path: "/v2/models/double/stats", method: "POST" })).status).toBe(405);
    expect((await send(server.port, { path: "/v2" })).json()["extensions"]).toContain("statistics");
  });

  test("a version that is loaded anew begins at zero", async () => {
    const repository = { list: async () => [], open: async () => ({ ...doubling(), version: "v2" }) };
    await using server = await serve([doubling()], { repository, ownsRunners: true });
    publish({});
    await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
    await send(server.port, { path: "/v2/repository/models/double/load", method: "POST" });
    const [row] = await rows(server, "/v2/models/double/stats");
    expect(row).toMatchObject({ version: "v2", last_inference: 0, inference_count: 0, inference_stats: { success: { count: 0 } }, batch_stats: [] });
    publish({});
    expect((await rows(server, "/v2/models/double/stats"))[0]?.execution_count).toBe(1);
  });

  test("of several processes are their sum", async () => {
    const durations = (count: number) => ({ count, ns: count * 10 });
    const other: ProcessStatistics = {
      requests: { "double\nv1": { success: durations(3), fail: durations(1), lastAt: 9e15 } },
      batches: {
        "double\nrun": { items: 7, batches: 2, ofRequests: { queue: durations(4), compute_infer: durations(4) }, bySize: { 5: { compute_infer: durations(1) }, 2: { compute_infer: durations(1) } } },
        "double\nother": { items: 1, batches: 1, ofRequests: {}, bySize: {} },
      },
    };
    await using server = await serve([doubling()], { gatherStatistics: async (own) => [own, other] });
    publish({});
    await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
    const [row] = await rows(server, "/v2/models/double/stats");
    expect(row).toMatchObject({
      last_inference: 9e15,
      inference_count: 12,
      execution_count: 3,
      inference_stats: { success: { count: 4 }, fail: durations(1), queue: { count: 6, ns: 4e6 + 40 }, compute_infer: { count: 6, ns: 34e6 + 40 }, compute_input: { count: 2, ns: 2e6 } },
      batch_stats: [
        { batch_size: 2, compute_infer: durations(1) },
        { batch_size: 5, compute_infer: { count: 2, ns: 17e6 + 10 }, compute_input: { count: 1 } },
      ],
    });
  });

  test("a closed server listens no more", async () => {
    const server = await serve([doubling()]);
    expect(channel("bentoml:batch").hasSubscribers).toBe(true);
    await server.server.close();
    expect(channel("bentoml:batch").hasSubscribers).toBe(false);
  });
});
