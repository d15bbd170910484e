import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CliProcess, runBuiltCli } from "./served-cli.js";
import { ServiceProject, greet } from "./service-project.js";

const home = mkdtempSync(join(tmpdir(), "bs-"));

afterAll(() => rmSync(home, { recursive: true, force: true }));

async function double(url: string, value: number): Promise<unknown> {
  const answer = await fetch(`${url}/double`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
  return answer.json();
}

describe.each([
  ["in one process", []],
  ["from two API processes, with the runner in its own", ["--api-workers", "2"]],
])("a service in TypeScript %s", (_what, options) => {
  let project: ServiceProject;
  let cli: CliProcess;
  let url: string;

  beforeAll(async () => {
    project = new ServiceProject();
    cli = new CliProcess(["serve", "./service.ts", "--port", "0", ...options], { home, folder: project.folder });
    url = await cli.url();
  });
  afterAll(() => project.remove());

  test("answers without a build, its Runnable in a worker too, and ends at SIGTERM", async () => {
    expect(await greet(url, "you")).toBe("hello you!");
    expect(await double(url, 21)).toBe(42);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    cli.signal("SIGTERM");
    const { code, stdout, stderr } = await cli.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("\n  sample\n    POST  /greet\n    POST  /double\n    runner doubler: 1 worker; no batching\n");
  });
});

test("a folder has its own configuration, and a file may export several services", async () => {
  const project = new ServiceProject({
    "app/service.mjs": `
import { Service, io } from "bentoml-server";
export const [one, other] = ["one", "other"].map((name) => {
  const service = new Service(name);
  service.api("greet", { input: io.text(), output: io.text() }, async (text) => name + " " + text);
  return service;
});
`,
    "app/bentoml.config.yaml": "api_server: { http: { port: 0 } }\n",
  });
  const undecided = await runBuiltCli(["serve", "./app"], { home, folder: project.folder });
  expect(undecided.stderr).toMatch(/^error: \S+service\.mjs exports the services one, other: say which to serve, \S+service\.mjs:one\.\n$/);
  const cli = new CliProcess(["serve", "app/service.mjs:other", "--port", "0"], { home, folder: project.folder });
  expect(await greet(await cli.url(), "you")).toBe("other you");
  cli.signal("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 0 });
  project.remove();
});

describe("what is wrong with the file is told with its place, without a stack of ours", () => {
  let project: ServiceProject;
  afterEach(() => project.remove());

  test.each<[string, Record<string, string>, string, RegExp]>([
    ["the syntax of TypeScript", { "greeting.ts": "export const a = 1;\nexport const greeting: = 2;\n" }, "service.ts", /greeting\.ts:2:2\d/],
    ["the syntax of JavaScript", { "plain.mjs": "export const a = 1;\nconst b = = 2;\n" }, "plain.mjs", /plain\.mjs:2: SyntaxError: Unexpected token '='/],
    ["what it throws", { "greeting.ts": `\nthrow new TypeError("no good");\nexport const greeting = "";\n` }, "service.ts", /greeting\.ts:2:\d+: TypeError: no good/],
    ["a file that is missing", { "greeting.ts": `import "./gone.ts";\nexport const greeting = "";\n` }, "service.ts", /greeting\.ts:1: Cannot find module '\.\/gone\.ts'/],
    ["no service", { "plain.mjs": "export const a = 1;\n" }, "plain.mjs", /plain\.mjs exports no service: export one, such as/],
    ["another export", {}, "service.ts:other", /service\.ts exports no service "other", it exports: .*svc\. Services among them: svc\./],
    ["no such file", {}, "./gone.ts", /There is no file \S+gone\.ts to serve/],
  ])("%s", async (_what, files, target, expected) => {
    project = new ServiceProject(files);
    const { code, stdout, stderr } = await runBuiltCli(["serve", target, "--port", "0"], { home, folder: project.folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(expected);
  });
});
