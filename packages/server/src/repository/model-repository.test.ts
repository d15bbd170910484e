import { NotFoundError } from "bentoml-core";
import { describe, expect, test } from "vitest";
import type { FakeRunner } from "../testing/fake-runner.js";
import { send, type TestResponse } from "../testing/http-client.js";
import { doubling, goodBody, serve, waiting, type TestServer } from "../testing/served-fixtures.js";
import { ModelServer } from "../model-server.js";
import type { ServedModel } from "../served-model.js";
import type { ModelRepository } from "./model-repository.js";

/** Gives a model of its own at each load, of versions v1, v2 and so on. */
class CountingRepository implements ModelRepository {
  readonly opened: (ServedModel & { readonly runner: FakeRunner })[] = [];
  /** What the next models are made of. */
  make: () => ServedModel & { readonly runner: FakeRunner } = () => doubling();

  async list(): Promise<{ name: string; version: string }[]> {
    return [{ name: "double", version: "v9" }, { name: "other", version: "v1" }];
  }

  async open(name: string): Promise<ServedModel> {
    if (!name.startsWith("double")) throw new NotFoundError(`no ${name} in this store`);
    const model = { ...this.make(), version: `v${this.opened.length + 1}` };
    this.opened.push(model);
    return model;
  }
}

const serveRepository = (repository: ModelRepository, models: readonly ServedModel[] = []): Promise<TestServer> => serve(models, { repository, ownsRunners: true });
const post = (server: TestServer, path: string, body?: object): Promise<TestResponse> => send(server.port, { method: "POST", path, ...(body === undefined ? {} : { body }) });
const load = (server: TestServer, name = "double"): Promise<TestResponse> => post(server, `/v2/repository/models/${name}/load`);
const unload = (server: TestServer, name = "double"): Promise<TestResponse> => post(server, `/v2/repository/models/${name}/unload`);
const infer = (server: TestServer): Promise<TestResponse> => post(server, "/v2/models/double/infer", goodBody);
const versions = async (server: TestServer): Promise<unknown> => (await send(server.port, { path: "/v2/models/double" })).json()["versions"];

describe("the index", () => {
  test("has what is served, what changes, and what could be loaded", async () => {
    const repository = new CountingRepository();
    await using server = await serveRepository(repository, [{ ...doubling(), version: "v5" }]);
    expect((await post(server, "/v2/repository/index")).json()).toEqual([
      { name: "double", version: "v5", state: "READY", reason: "" },
      { name: "double", version: "v9", state: "UNAVAILABLE", reason: "not loaded" },
      { name: "other", version: "v1", state: "UNAVAILABLE", reason: "not loaded" },
    ]);
    expect((await post(server, "/v2/repository/index", { ready: true })).json()).toEqual([{ name: "double", version: "v5", state: "READY", reason: "" }]);
  });

  test.each([
    ["[]", /body must be a JSON object, it is an array/],
    ['{"ready":"yes"}', /"ready" must be true or false, it is the string "yes"/],
    ["{", /the body is not JSON/],
  ])("refuses %s", async (body, message) => {
    await using server = await serve([doubling()]);
    const response = await send(server.port, { method: "POST", path: "/v2/repository/index", body });
    expect([response.status, response.json()["error"]]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe("loading", () => {
  test("serves a model that was not there", async () => {
    const repository = new CountingRepository();
    await using server = await serveRepository(repository);
    expect((await infer(server)).status).toBe(404);
    const loaded = await load(server);
    expect([loaded.status, loaded.text]).toEqual([200, ""]);
    expect((await infer(server)).json()["outputs"]).toMatchObject([{ data: [2, 5] }]);
    expect(repository.opened[0]?.runner.started).toBe(1);
    expect((await send(server.port, { path: "/v2" })).json()["extensions"]).toContain("model_repository");
  });

  test("puts a new version in the place of the old one, which still answers what it has accepted", async () => {
    const repository = new CountingRepository();
    const slow = waiting();
    const first = { ...slow.model, name: "double" };
    await using server = await serveRepository(repository, [first]);
    const old = infer(server);
    await slow.called;
    expect((await load(server)).status).toBe(200);
    expect(await versions(server)).toEqual(["v1"]);
    expect((await infer(server)).json()["outputs"]).toMatchObject([{ data: [2, 5] }]);
    expect(first.runner.destroyed).toBe(0);
    slow.answer();
    expect((await old).json()["outputs"]).toMatchObject([{ data: [1, 2.5] }]);
    await expect.poll(() => first.runner.destroyed).toBe(1);
  });

  test("under load fails no request, and ends every runner but the last", async () => {
    const repository = new CountingRepository();
    await using server = await serveRepository(repository, [doubling()]);
    let isDone = false;
    const statuses = new Set<number>();
    const clients = Array.from({ length: 16 }, async () => {
      while (!isDone) statuses.add((await infer(server)).status);
    });
    for (let swap = 0; swap < 30; swap++) expect((await load(server)).status).toBe(200);
    isDone = true;
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
    await expect.poll(() => repository.opened.map(({ runner }) => runner.destroyed)).toEqual([...new Array<number>(29).fill(1), 0]);
  });

  test("that fails leaves the old version in its place and says so, there and in the index; why is for the log", async () => {
    const repository = new CountingRepository();
    const logged: unknown[] = [];
    await using server = await serve([doubling()], { repository, ownsRunners: true, onUnexpectedError: (error) => logged.push(error) });
    repository.make = () => {
      const model = doubling();
      model.runner.init = () => Promise.reject(new Error("cannot read /srv/models/double"));
      model.runner.isReady = false;
      return model;
    };
    const refused = await load(server);
    expect([refused.status, refused.json()]).toEqual([400, { error: "failed to load 'double:v1': it could not be started, the server's log says why" }]);
    expect(logged).toEqual([new Error("cannot read /srv/models/double")]);
    expect(repository.opened[0]?.runner.destroyed).toBe(1);
    expect((await infer(server)).status).toBe(200);
    expect((await post(server, "/v2/repository/index")).json()).toContainEqual({ name: "double", version: "v1", state: "UNAVAILABLE", reason: "it could not be started, the server's log says why" });
    repository.make = () => doubling();
    expect((await load(server)).status).toBe(200);
    expect((await post(server, "/v2/repository/index")).text).not.toContain("could not be started");
  });

  test("of one name twice at once is done one after the other", async () => {
    const repository = new CountingRepository();
    await using server = await serveRepository(repository);
    const answers = await Promise.all([load(server), load(server), load(server, "double:v7")]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await versions(server)).toEqual(["v3"]);
    await expect.poll(() => repository.opened.map(({ runner }) => runner.destroyed)).toEqual([1, 1, 0]);
  });

  test("that is going on when the server closes leaves no runner behind", async () => {
    const repository = new CountingRepository();
    let start = (): void => undefined;
    const begun = new Promise<void>((tell) => {
      repository.make = () => {
        const model = doubling();
        model.runner.init = () => {
          tell();
          return new Promise((resolve) => (start = resolve));
        };
        return model;
      };
    });
    const server = await serveRepository(repository);
    const loading = load(server).catch(() => undefined);
    await begun;
    const closed = server.server.close({ graceMs: 0 });
    start();
    await closed;
    await loading;
    expect(repository.opened.map(({ runner }) => runner.destroyed)).toEqual([1]);
  });

  test.each([
    ["nope", undefined, 404, /no nope in this store/],
    ["double", { parameters: { config: "{}" } }, 400, /the parameter "config" is not supported: a model is served as it was saved/],
    ["%E0%A4%A", undefined, 400, /not correctly percent-encoded/],
    ["double", ["config"], 400, /body must be a JSON object/],
  ])("refuses %s with %j", async (name, body, status, message) => {
    await using server = await serveRepository(new CountingRepository());
    const response = await post(server, `/v2/repository/models/${name}/load`, body);
    expect([response.status, response.json()["error"]]).toEqual([status, expect.stringMatching(message)]);
  });
});

describe("unloading", () => {
  test("takes a model off at once, and ends its runner after its last answer", async () => {
    const slow = waiting();
    const model = { ...slow.model, name: "double" };
    await using server = await serveRepository(new CountingRepository(), [model]);
    const last = infer(server);
    await slow.called;
    expect((await unload(server)).status).toBe(200);
    expect((await infer(server)).status).toBe(404);
    expect((await send(server.port, { path: "/v2/models/double/ready" })).status).toBe(404);
    expect(model.runner.destroyed).toBe(0);
    slow.answer();
    expect((await last).status).toBe(200);
    await expect.poll(() => model.runner.destroyed).toBe(1);
  });

  test("twice is no fault, but a name that nobody knows is", async () => {
    await using server = await serveRepository(new CountingRepository(), [doubling()]);
    expect([(await unload(server)).status, (await unload(server)).status]).toEqual([200, 200]);
    const unknown = await unload(server, "dubble");
    expect([unknown.status, unknown.json()["error"]]).toEqual([404, expect.stringContaining('no model "dubble"')]);
  });

  test("a runner that serves another name too goes on", async () => {
    const model = doubling();
    await using server = await serveRepository(new CountingRepository(), [model, { ...model, name: "twice" }]);
    expect((await unload(server)).status).toBe(200);
    expect((await post(server, "/v2/models/twice/infer", goodBody)).status).toBe(200);
    expect(model.runner.destroyed).toBe(0);
  });
});

test("a server without a repository says how to get one", async () => {
  await using server = await serve([doubling()]);
  const response = await load(server);
  expect([response.status, response.json()["error"]]).toEqual([400, expect.stringContaining("--model-control explicit")]);
  expect((await post(server, "/v2/repository/index")).json()).toEqual([{ name: "double", version: "v1", state: "READY", reason: "" }]);
});

test("a repository needs a server that owns its runners", () => {
  expect(() => new ModelServer({ models: [], repository: new CountingRepository() })).toThrow(/set ownsRunners to true/);
});
