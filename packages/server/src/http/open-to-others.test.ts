import { afterEach, expect, test, vi } from "vitest";
import { ModelServer } from "../model-server.js";
import type { RunnerListenOptions, RunnerServerOptions } from "../runner-server/runner-server-options.js";
import { SampleServer } from "../testing/sample-runner.js";
import { doubling } from "../testing/served-fixtures.js";
import { isOpenToOthers } from "./open-to-others.js";

afterEach(() => vi.restoreAllMocks());

test.each([
  ["127.0.0.1", false],
  ["127.1.2.3", false],
  ["localhost", false],
  ["LOCALHOST", false],
  ["::1", false],
  ["0.0.0.0", true],
  ["::", true],
  ["10.0.0.7", true],
  ["fe80::1", true],
  ["model.example.org", true],
])("%s: %j", (host, isOpen) => {
  expect(isOpenToOthers(host)).toBe(isOpen);
});

test.each([
  [{}, 1],
  [{ access: { tokens: ["t"] } }, 0],
])("a server that everybody can call warns once when it listens: %j", async (options, warnings) => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await using server = new ModelServer({ models: [doubling()], ...options });
  await server.listen({ host: "0.0.0.0", port: 0 });
  expect(warn.mock.calls).toEqual(new Array(warnings).fill([expect.stringMatching(/reach 0\.0\.0\.0 can call/), { type: "BentoMLWarning", code: "BENTOML_OPEN_TO_OTHERS" }]));
});

test.each<[Partial<RunnerServerOptions>, RunnerListenOptions, number]>([
  [{}, { host: "0.0.0.0", port: 0 }, 1],
  [{ token: "t" }, { host: "0.0.0.0", port: 0 }, 0],
  [{}, { port: 0 }, 0],
])("a runner server does so as well: %j on %j", async (options, listen, warnings) => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await using _server = await SampleServer.start(options, listen);
  expect(warn.mock.calls).toEqual(new Array(warnings).fill([expect.stringMatching(/reach 0\.0\.0\.0 can call this server: give it a token/), { type: "BentoMLWarning", code: "BENTOML_OPEN_TO_OTHERS" }]));
});

test("one on this machine alone does not", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await using server = new ModelServer({ models: [doubling()] });
  await server.listen({ port: 0 });
  expect(warn).not.toHaveBeenCalled();
});
