import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { addSub } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { Pool } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CliProcess } from "./served-cli.js";
import { ServiceProject } from "./service-project.js";

/** No request fails while what is served changes, under this many clients that never pause. */
const CLIENTS = 64;

let home: string;
let cli: CliProcess | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "bg-"));
});

afterEach(async () => {
  cli?.signal("SIGKILL");
  await cli?.ended;
  await rm(home, { recursive: true, force: true });
});

/** Clients that ask again and again, each on its connection. */
class Crowd {
  readonly answers: Map<string, number> = new Map();
  readonly #pool: Pool;
  readonly #path: string;
  readonly #body: string;
  readonly #clients: Promise<void>[];
  #isAsking = true;

  constructor(url: string, path: string, body: string) {
    this.#pool = new Pool(url, { connections: CLIENTS });
    this.#path = path;
    this.#body = body;
    this.#clients = Array.from({ length: CLIENTS }, () => this.#ask());
  }

  /** Waits for the first answer of this kind. */
  async hears(answer: string): Promise<void> {
    while (!this.answers.has(answer)) await nextTurn();
  }

  /** Waits until every client has heard something more. */
  async round(): Promise<void> {
    const total = (): number => [...this.answers.values()].reduce((sum, count) => sum + count, 0);
    const until = total() + 4 * CLIENTS;
    while (total() < until) await nextTurn();
  }

  /** Resolves when all clients have found the server gone. */
  get left(): Promise<unknown> {
    return Promise.all(this.#clients);
  }

  async stop(): Promise<void> {
    this.#isAsking = false;
    await this.left;
    await this.#pool.destroy();
  }

  async #ask(): Promise<void> {
    while (this.#isAsking) {
      const answer = await this.#answer();
      this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
      if (answer === "gone") return;
    }
  }

  async #answer(): Promise<string> {
    try {
      const { statusCode, body } = await this.#pool.request({ method: "POST", path: this.#path, body: this.#body, headers: { "Content-Type": "text/plain" } });
      const text = await body.text();
      return statusCode === 200 ? (/"model_version":"(\w+)"/.exec(text)?.[1] ?? text) : `${String(statusCode)} ${text}`;
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      return code === "ECONNREFUSED" ? "gone" : `${code} ${message}`;
    }
  }
}

test("a changed service takes over without a gap; one with an error does not, and says so once", async () => {
  const project = new ServiceProject();
  cli = new CliProcess(["serve", "./service.ts", "--development", "--port", "0"], { home, folder: project.folder });
  const crowd = new Crowd(await cli.url(), "/greet", "you");
  await cli.printed(/watching the files of the service/);
  await crowd.hears("hello you!");

  project.write("greeting.ts", 'export const greeting: string = "good day";\n');
  await crowd.hears("good day you!");
  await crowd.round();

  project.write("greeting.ts", 'export const greeting: string = = "broken";\n');
  const [line] = await cli.printed(/the change cannot be served[^\n]*\n/);
  expect(line).toMatch(/what was served before still is: .*greeting\.ts:1:\d+/);
  await crowd.round();

  // A file that was not there when it failed.
  project.write("greeting.ts", 'export { greeting } from "./late.ts";\n');
  await cli.printed(/the change cannot be served[^]*the change cannot be served[^\n]*late\.ts/);
  project.write("late.ts", 'export const greeting: string = "at last";\n');
  await crowd.hears("at last you!");
  await crowd.round();
  await crowd.stop();
  expect([...crowd.answers.keys()].sort()).toEqual(["at last you!", "good day you!", "hello you!"]);
  cli.signal("SIGTERM");
  const { code, stdout } = await cli.ended;
  expect(code).toBe(0);
  expect(stdout.match(/the change cannot be served/g)).toHaveLength(2);
  project.remove();
}, 180_000);

test("another version of a model takes over without a gap", async () => {
  const store = new ModelStore(home);
  await saveModel("add-sub:one", addSub(), { store });
  cli = new CliProcess(["serve", "add-sub", "--model-control", "explicit", "--port", "0", "--workers", "1"], { home });
  const url = await cli.url();
  const inputs = ["a", "b"].map((name) => ({ name, datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }));
  const crowd = new Crowd(url, "/v2/models/add-sub/infer", JSON.stringify({ inputs }));
  await crowd.hears("one");
  await saveModel("add-sub:two", addSub(), { store });
  expect((await fetch(`${url}/v2/repository/models/add-sub/load`, { method: "POST" })).status).toBe(200);
  await crowd.hears("two");
  await crowd.round();
  await crowd.stop();
  expect([...crowd.answers.keys()].sort()).toEqual(["one", "two"]);
}, 120_000);

test.each([
  { options: [], route: "one process" },
  { options: ["--api-workers", "2"], route: "two processes" },
  { options: ["--drain-ms", "500"], route: "one process that drains" },
])("SIGTERM to $route: no request fails, and no connection is broken", async ({ options }) => {
  const project = new ServiceProject();
  cli = new CliProcess(["serve", "./service.ts", "--port", "0", ...options], { home, folder: project.folder });
  const crowd = new Crowd(await cli.url(), "/greet", "you");
  await crowd.hears("hello you!");
  await crowd.round();
  cli.signal("SIGTERM");
  // Until the last client cannot connect any more.
  await crowd.left;
  expect(await cli.ended).toMatchObject({ code: 0, signal: null });
  expect([...crowd.answers.keys()].sort()).toEqual(["gone", "hello you!"]);
  expect(crowd.answers.get("gone")).toBe(CLIENTS);
  await crowd.stop();
  project.remove();
}, 120_000);
