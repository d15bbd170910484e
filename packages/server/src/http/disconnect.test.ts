import { Agent } from "node:http";
import { isBentoMLError } from "bentoml-core";
import { expect, test } from "vitest";
import { fakeModel } from "../testing/fake-runner.js";
import { openSocket, send } from "../testing/http-client.js";
import { doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";

test("a client that goes aborts its call, and the server goes on", async () => {
  const { model, called, aborted } = waiting();
  await using server = await serve([model, doubling()]);
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  socket.write(`POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await called;
  socket.destroy();
  const reason = await aborted;
  expect(isBentoMLError(reason) && reason.code).toBe("CLIENT_GONE");
  expect((await send(server.port, { path: "/v2/models/double/infer", body: goodBody })).status).toBe(200);
  const metrics = await send(server.port, { path: "/metrics" });
  expect(metrics.text).toMatch(/request_total\{.*model_name="wait".*http_response_code="499"\} 1/);
  expect(metrics.text).toMatch(/request_in_progress\{.*model_name="wait".*\} 0/);
});

test("calls of one connection share a signal that stays quiet", async () => {
  const model = doubling();
  await using server = await serve([model]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let round = 0; round < 3; round++) {
    expect((await send(server.port, { path: "/v2/models/double/infer", body: goodBody, agent })).status).toBe(200);
  }
  agent.destroy();
  const signals = model.runner.calls.map(({ options }) => options.signal);
  expect(new Set(signals).size).toBe(1);
  expect(signals[0]).toBeInstanceOf(AbortSignal);
});

test("many calls that wait on one connection are all aborted, without a warning of a leak", async () => {
  const aborted: unknown[] = [];
  const model = fakeModel("wait", doubling().inputs, doubling().outputs, (_inputs, { signal }) => {
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        aborted.push(signal.reason);
        reject(signal.reason as Error);
      });
    });
  });
  const warnings: Error[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  process.on("warning", collect);
  await using server = await serve([model]);
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  socket.write(`POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(20));
  await expect.poll(() => model.runner.calls.length).toBe(20);
  socket.destroy();
  await expect.poll(() => aborted.length).toBe(20);
  process.off("warning", collect);
  expect(warnings).toEqual([]);
});

test("whatever a runner rejects with when its caller goes, it is not reported as an error", async () => {
  let tellRejected = (): void => undefined;
  const rejected = new Promise<void>((resolve) => (tellRejected = resolve));
  const model = fakeModel("wait", doubling().inputs, doubling().outputs, (_inputs, { signal }) => {
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        reject(new Error("the engine does not like to be stopped"));
        tellRejected();
      });
    });
  });
  const reported: unknown[] = [];
  await using server = await serve([model], { onUnexpectedError: (error) => reported.push(error) });
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  socket.write(`POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await expect.poll(() => model.runner.calls.length).toBe(1);
  socket.destroy();
  await rejected;
  expect((await send(server.port, { path: "/metrics" })).text).toMatch(/request_total\{.*http_response_code="499"\} 1/);
  expect(reported).toEqual([]);
});
