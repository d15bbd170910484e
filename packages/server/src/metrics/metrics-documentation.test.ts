import { channel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { BatchEvent, ShedEvent } from "bentoml-core";
import { expect, test } from "vitest";
import { parseExposition, type Sample } from "../testing/exposition.js";
import { send } from "../testing/http-client.js";
import { callOf, oneRow } from "../testing/runner-requests.js";
import { SampleServer } from "../testing/sample-runner.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(new URL("../../../../docs/operations/grafana-dashboard.json", import.meta.url), "utf8")) as { readonly panels: readonly Panel[] };
const targets = dashboard.panels.flatMap(({ title, targets: given = [] }) => given.map((target) => ({ title, ...target })));
/** Labels that Prometheus adds. */
const OF_PROMETHEUS: readonly string[] = ["job", "instance"];

/** Every sample that a server of models and a runner server have after some work. */
async function allSamples(): Promise<readonly Sample[]> {
  await using server = await serve([doubling()], { processMetrics: true });
  await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
  const batch: BatchEvent = { runner: "double", method: "run", workerIndex: 0, requests: 2, items: 5, queueWaitMs: 3, summedQueueWaitMs: 3, handOverMs: 0, readMs: 0, durationMs: 20, outcome: "ok" };
  const shed: ShedEvent = { runner: "double", method: "run", reason: "full", items: 1, bytes: 1 };
  channel("bentoml:batch").publish(batch);
  channel("bentoml:shed").publish(shed);
  await using runnerServer = await SampleServer.start();
  await send(runnerServer.port, callOf("/double", oneRow));
  const pages = await Promise.all([server.port, runnerServer.port].map((port) => send(port, { path: "/metrics" })));
  return pages.flatMap(({ text }) => [...parseExposition(text).values()].flatMap(({ samples }) => samples));
}

function metricsOf(expression: string): string[] {
  return expression.match(/\b(?:bentoml|process|nodejs)_\w+/g) ?? [];
}

function labelsOf(expression: string, legend: string): string[] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/,\s*/));
  const matched = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = ""]) => [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
  return [...grouped, ...matched, ...shown].filter((label) => !OF_PROMETHEUS.includes(label));
}

test("every metric and label of the dashboard is in a scrape", async () => {
  const samples = await allSamples();
  const missing = targets.flatMap(({ title, expr, legendFormat }) => {
    const metrics = metricsOf(expr);
    expect(metrics.length, title).toBeGreaterThan(0);
    return metrics.flatMap((metric) => {
      const found = samples.find(({ name }) => name === metric);
      if (found === undefined) return [`${title}: ${metric}`];
      return labelsOf(expr, legendFormat).filter((label) => !found.labels.has(label)).map((label) => `${title}: ${metric}{${label}}`);
    });
  });
  expect(missing).toEqual([]);
});

test("every metric of ours is on the dashboard, but for the time of the last request", async () => {
  const ours = new Set((await allSamples()).map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, "")).filter((name) => name.startsWith("bentoml_") && !name.endsWith("last_request_timestamp_seconds")));
  const shown = targets.flatMap(({ expr }) => metricsOf(expr)).map((name) => name.replace(/_(?:bucket|sum|count)$/, ""));
  expect([...ours].filter((name) => !shown.includes(name))).toEqual([]);
});

test("the page about metrics has every metric of ours, with its type and labels", async () => {
  const page = readFileSync(new URL("../../../../docs/observability.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(bentoml_\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(([, name = "", type = "", labels = ""]) => ({ name, type, labels }));
  const samples = await allSamples();
  const ofServer = new Set(samples.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, "")).filter((name) => /^bentoml_(?:api_server|runner_(?!request|last))/.test(name)));
  expect(new Set(rows.map(({ name }) => name))).toEqual(ofServer);
  let before: string[] = [];
  for (const { name, type, labels } of rows) {
    const suffix = type === "histogram" ? "_sum" : "";
    const found = samples.find((sample) => sample.name === `${name}${suffix}`);
    before = labels.includes("the same") ? before : [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label);
    expect([...(found?.labels.keys() ?? [])].filter((label) => !label.startsWith("service_")).sort(), name).toEqual([...before].sort());
  }
});

test("panels have ids and places of their own", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, cell) => `${String(x + (cell % w))},${String(y + Math.floor(cell / w))}`));
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
});
