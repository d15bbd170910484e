import { Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { ModelServer } from "../model-server.js";
import { send } from "../testing/http-client.js";
import { doubling, goodBody } from "../testing/served-fixtures.js";
import { metricsPage, processMetrics, type ProcessMetrics } from "./process-metrics.js";

const path = "/v2/models/double/infer";

test("the page of servers in several processes is the sum of theirs", async () => {
  const servers: ModelServer[] = [];
  const gatherMetrics = async (): Promise<readonly ProcessMetrics[]> => JSON.parse(JSON.stringify(await Promise.all(servers.map((server) => server.metrics())))) as ProcessMetrics[];
  for (let index = 0; index < 2; index++) servers.push(new ModelServer({ models: [doubling()], gatherMetrics }));
  const ports = await Promise.all(servers.map(async (server) => (await server.listen({ port: 0 })).port));
  const [one = 0, other = 0] = ports;
  for (const port of [one, one, other]) expect(await send(port, { path, body: goodBody })).toMatchObject({ status: 200 });
  for (const port of ports) {
    const { text } = await send(port, { method: "GET", path: "/metrics" });
    const labels = `endpoint="/v2/models/{model}/infer",model_name="double",service_name="bentoml-server",service_version="not available",http_response_code="200"`;
    expect(text).toContain(`bentoml_api_server_request_total{${labels}} 3\n`);
    expect(text).toMatch(new RegExp(`bentoml_api_server_request_duration_seconds_count\\{${labels.replace(/[{}]/g, "\\$&")}\\} 3\n`));
    const at = Number(/bentoml_api_server_last_request_timestamp_seconds\{[^}]*\} (\S+)/.exec(text)?.[1]);
    expect(Math.abs(at - Date.now() / 1000)).toBeLessThan(3600);
  }
  await Promise.all(servers.map((server) => server.close()));
});

test("without a gatherer the page is the process's own", async () => {
  const registry = new Registry();
  new Gauge({ name: "a", help: "b", registers: [registry] }).set(2);
  expect(await metricsPage(registry, undefined)).toContain("a 2");
  const own = await processMetrics(registry);
  expect(await metricsPage(registry, async (mine) => [mine, own])).toContain("a 4");
});
