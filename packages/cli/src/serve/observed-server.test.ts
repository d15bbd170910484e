import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CliWorkshop, type RunningCli } from "../echo-adapter.fixture.js";

let workshop: CliWorkshop;

beforeEach(async () => {
  workshop = new CliWorkshop();
  await workshop.save("echo:v1");
});

afterEach(() => {
  workshop[Symbol.dispose]();
});

function configure(yaml: string): void {
  writeFileSync(join(workshop.folder, "bentoml.config.yaml"), yaml);
}

async function stopped(running: RunningCli): Promise<void> {
  running.signal("SIGTERM");
  expect(await running.code).toBe(0);
}

test("requests are logged on stdout where it is asked for, and metrics tell of the process", async () => {
  configure("api_server: { logging: { access: { enabled: true } } }");
  const running = workshop.start(["serve", "echo", "--port", "0"]);
  const [, url = ""] = await running.printed(/serves on (\S+)/);
  const { headers } = await fetch(`${url}/v2/models/echo`);
  const [line = ""] = await running.printed(/^\{"time".*$/m);
  expect(JSON.parse(line)).toMatchObject({ logger: "bentoml.access", path: "/v2/models/echo", status: 200, request_id: headers.get("x-request-id"), response_content_type: expect.stringContaining("json") });
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("process_resident_memory_bytes");
  await stopped(running);
});

test("the configuration has the last word on log, page and buckets", async () => {
  configure("api_server: { logging: { access: { enabled: true, response_content_type: false } }, metrics: { duration: { buckets: [0.5] } } }");
  const running = workshop.start(["serve", "echo", "--port", "0"]);
  const [, url = ""] = await running.printed(/serves on (\S+)/);
  await fetch(`${url}/v2/models/echo`);
  const [line = ""] = await running.printed(/^\{"time".*$/m);
  expect(JSON.parse(line)).not.toHaveProperty("response_content_type");
  const page = await (await fetch(`${url}/metrics`)).text();
  expect(new Set([...page.matchAll(/request_duration_seconds_bucket\{.*le="([^"]+)"/g)].map(([, bound]) => bound))).toEqual(new Set(["0.5", "+Inf"]));
  expect(running.stdout()).not.toContain("is not used");
  await stopped(running);
});

test("both can be off", async () => {
  configure("api_server: { metrics: { enabled: false } }");
  const running = workshop.start(["serve", "echo", "--port", "0"]);
  const [, url = ""] = await running.printed(/serves on (\S+)/);
  const { headers, status } = await fetch(`${url}/metrics`);
  expect([status, headers.get("x-request-id")]).toEqual([404, null]);
  await stopped(running);
  expect(running.stdout()).not.toContain('{"time"');
});

test("a runner server has a log of its own, by the section of its runner", async () => {
  configure("runners: { echo: { logging: { access: { enabled: true, request_content_length: false } } } }");
  const running = workshop.start(["start-runner-server", "echo", "--port", "0"]);
  const [url = ""] = await running.printed(/http:\/\/127\.0\.0\.1:\d+/);
  await fetch(`${url}/nowhere`, { method: "POST", body: "some" });
  const [line = ""] = await running.printed(/^\{"time".*$/m);
  expect(JSON.parse(line)).toMatchObject({ path: "/nowhere", status: 404 });
  expect(JSON.parse(line)).not.toHaveProperty("request_content_length");
  await stopped(running);
});
