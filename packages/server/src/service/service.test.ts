import { InvalidArgumentError, type ModelInfo } from "bentoml-core";
import { expect, test, vi } from "vitest";
import { io } from "../io/index.js";
import { ModelServer } from "../model-server.js";
import { deferred } from "../testing/deferred.js";
import { FakeRunner } from "../testing/fake-runner.js";
import { send, type TestResponse } from "../testing/http-client.js";
import { goodBody } from "../testing/served-fixtures.js";
import { serveService } from "../testing/served-service.js";
import { Service } from "./service.js";

const text = { input: io.text(), output: io.text() };
const same = (value: string): string => value;

test("a name in capitals is lowered, with a warning; one that no tag can have is refused", () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  expect(new Service("Digits").name).toBe("digits");
  expect(warned).toHaveBeenCalledWith('Converting service name "Digits" to lower case: "digits".', { type: "BentoMLWarning", code: "BENTOML_SERVICE_NAME" });
  warned.mockRestore();
  for (const name of ["", "a b", "a:b", "-a"]) expect(() => new Service(name)).toThrow(InvalidArgumentError);
});

test("two runners of one name are refused", () => {
  const runners = [new FakeRunner("a", () => undefined), new FakeRunner("a", () => undefined)];
  expect(() => new Service("s", { runners })).toThrow('two runners of service s are called "a"');
});

test("an API's name and route are checked, and are there once", () => {
  const service = new Service("s");
  service.api("first", text, same);
  service.api("second", { ...text, route: "/v1/second.x" }, same);
  expect(service.apis.map(({ path }) => path)).toEqual(["/first", "/v1/second.x"]);
  expect(() => service.api("first", { ...text, route: "/other" }, same)).toThrow("API first is already defined in service s");
  expect(() => service.api("third", { ...text, route: "v1/second.x" }, same)).toThrow("the APIs second and third of service s have the same route /v1/second.x");
  for (const name of ["", "1a", "a b", "docs", "index"]) expect(() => service.api(name, text, same), name).toThrow(InvalidArgumentError);
  for (const name of ["metrics", "livez", "v2", "page"]) expect(() => service.api(name, text, same), name).toThrow(`the path "/${name}" is the server's own`);
  for (const route of ["/", "/a/", "/a?b", "/a#b", "//a", "/:a", "/a/../b", "/a b", "/v2/models", "/docs.json"]) {
    expect(() => service.api("new", { ...text, route }, same), route).toThrow(InvalidArgumentError);
  }
  expect(() => service.api("new", { ...text, timeoutMs: 0 }, same)).toThrow("timeoutMs of API new");
});

test("what is added after a server was made of the service is refused, not left unanswered", async () => {
  const service = new Service("s");
  service.api("first", text, same);
  expect(() => new ModelServer({ service, maxConcurrency: 0 })).toThrow(InvalidArgumentError);
  service.api("second", text, same);
  await using server = await serveService(service);
  const late = /comes too late: a server was made of service s already, .* before new ModelServer/;
  expect(() => service.api("third", text, same)).toThrow(late);
  expect(() => service.mount("/late", () => undefined)).toThrow(late);
  expect((await server.post("/second", { body: "x" })).text).toBe("x");
});

test("a server starts the runners, then does the startup hooks in order; it ends them the other way round", async () => {
  const events: string[] = [];
  const runner = new FakeRunner("r", () => undefined);
  runner.init = async () => void events.push("runner started");
  runner.destroy = async () => void events.push("runner ended");
  const service = new Service("s", { runners: [runner] });
  service.onDeployment(() => void events.push("deployed"));
  service.onStartup(async () => void events.push("first"));
  service.onStartup(() => void events.push("second"));
  service.onShutdown(() => void events.push("shut down"));
  const server = new ModelServer({ service, ownsRunners: true });
  await server.listen({ port: 0 });
  await server.close();
  expect(events).toEqual(["runner started", "first", "second", "shut down", "runner ended"]);
  await service.runDeploymentHooks();
  expect(events.at(-1)).toBe("deployed");
});

test("a startup hook that fails stops the start, says so, and lets the runners go", async () => {
  const runner = new FakeRunner("r", () => undefined);
  const service = new Service("s", { runners: [runner] });
  const shutDown = vi.fn();
  service.onStartup(() => Promise.reject(new Error("no database")));
  service.onShutdown(shutDown);
  const server = new ModelServer({ service, ownsRunners: true });
  await expect(server.listen({ port: 0 })).rejects.toMatchObject({ code: "STARTUP_FAILED", message: "service s cannot start, a startup hook failed: no database" });
  expect([runner.started, runner.destroyed, shutDown.mock.calls.length]).toEqual([1, 1, 0]);
});

test("what a shutdown hook throws is reported, and the rest ends", async () => {
  const runner = new FakeRunner("r", () => undefined);
  const service = new Service("s", { runners: [runner] });
  const reported = vi.fn();
  service.onShutdown(() => Promise.reject(new Error("still open")));
  const server = new ModelServer({ service, ownsRunners: true, onUnexpectedError: reported });
  await server.listen({ port: 0 });
  await server.close();
  expect(reported).toHaveBeenCalledWith(new Error("still open"), { endpoint: "(shutdown)", requestId: "-" });
  expect(runner.destroyed).toBe(1);
});

test("while startup hooks run the server lives, is not ready, and answers calls with 503", async () => {
  const service = new Service("s");
  let finish = (): void => undefined;
  service.onStartup(() => new Promise<void>((resolve) => (finish = resolve)));
  service.api("call", text, same);
  const server = new ModelServer({ service });
  const port = deferred<number>();
  const listening = server.listen({ port: 0, onListening: (address) => port.resolve(address.port) });
  const ask = async (method: string, path: string): Promise<TestResponse> => send(await port.promise, { method, path });
  expect((await ask("GET", "/livez")).status).toBe(200);
  const early = await ask("POST", "/call");
  expect([early.status, early.headers["retry-after"]]).toEqual([503, "1"]);
  expect((await ask("GET", "/readyz")).json()).toMatchObject({ ready: false, error: "the service is starting" });
  finish();
  await listening;
  expect((await ask("GET", "/readyz")).status).toBe(200);
  await server.close();
});

test("the service is ready when its runners are, also those that serve no model", async () => {
  const runner = new FakeRunner("r", () => undefined);
  runner.isReady = false;
  await using server = await serveService(new Service("s", { runners: [runner] }));
  expect((await server.get("/readyz")).json()).toEqual({ live: true, ready: false, error: "not ready: r" });
  runner.isReady = true;
  expect((await server.get("/readyz")).status).toBe(200);
});

test("runner methods whose inputs are known are models of the Open Inference Protocol too", async () => {
  const runner = Object.assign(new FakeRunner("double", ({ x }) => x), { models: [storedModel({ run: { inputSpec: [{ name: "x", dtype: "float32", shape: ["batch", 2] }] } })] });
  const silent = Object.assign(new FakeRunner("silent", () => undefined), { models: [storedModel({ run: {} })] });
  const service = new Service("s", { runners: [runner, silent] });
  expect(service.models.map(({ name, version }) => [name, version])).toEqual([["double", "v7"]]);
  await using server = await serveService(service);
  expect((await server.post("/v2/models/double/versions/v7/infer", { body: goodBody })).json()).toMatchObject({ outputs: [{ data: [1, 2.5] }] });
});

test("of several methods each is a model of its own", () => {
  const runner = Object.assign(new FakeRunner("images", () => undefined), {
    models: [storedModel({ encode: { inputSpec: [{ name: "x", dtype: "uint8", shape: [-1] }] }, decode: { inputSpec: [{ name: "x", dtype: "uint8", shape: [-1] }] } })],
    methods: { encode: { maxBatchSize: 1, with: () => () => Promise.resolve() }, decode: { maxBatchSize: 1, with: () => () => Promise.resolve() } },
  });
  expect(new Service("s", { runners: [runner] }).models.map(({ name, method }) => [name, method])).toEqual([["images.encode", "encode"], ["images.decode", "decode"]]);
});

function storedModel(signatures: Record<string, Partial<ModelInfo["signatures"][string]>>): never {
  return { tag: { name: "stored", version: "v7", toString: () => "stored:v7" }, info: { signatures, context: { frameworkName: "onnx" } } } as never;
}
