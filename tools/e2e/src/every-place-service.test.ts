import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers, echoes, refusals } from "./call-table.js";
import { answerOf, expectedAnswer, forwarded, isJson, type ForwardedCall } from "./forwarded-call.js";
import { CliProcess } from "./served-cli.js";

/** The calls that runners answer the same in every place, through the APIs of a service. */
const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "be-"));

afterAll(() => rmSync(home, { recursive: true, force: true }));

const sayable = answers.map(([what, method, args, expected]) => ({ what, call: forwarded(method, args), expected })).filter((row): row is typeof row & { call: ForwardedCall } => row.call !== undefined);

test("all calls can be said to a service but those with values that no body has", () => {
  const unsaid = answers.filter(([, method, args]) => forwarded(method, args) === undefined).map(([what]) => what);
  expect(unsaid).toEqual([
    "undefined",
    "a bigint",
    "what JSON cannot say",
    "bytes in a record",
    "tensors in a list with other values",
    "several outputs",
    "a list of records of tensors",
    "three arguments and keywords",
  ]);
});

/** What a client is told: of the model's own error that it happened, of one of bentoml all. */
const told: Readonly<Record<string, readonly [status: number, message: RegExp]>> = {
  "the model's own error": [500, /^the server failed on this request/],
  "an error of bentoml from the model": [400, /^the reason$/],
  "arguments that differ in rows": [400, /argument lengths for parameters do not match/],
  "a stream called as one answer": [400, /is a stream/],
};
const refused = refusals.map(([what, method, args]) => ({ what, call: forwarded(method, args), expected: told[what] }));

describe.skipIf(process.platform === "win32").each([
  ["in one process", []],
  ["from two API processes, with each runner in its own", ["--api-workers", "2"]],
])("through a service %s", (_where, options) => {
  let cli: CliProcess;
  let url: string;

  beforeAll(async () => {
    cli = new CliProcess(["serve", "forwarding.mjs", "--port", "0", ...options], { home, folder });
    url = await cli.url();
  });
  afterAll(async () => {
    cli.signal("SIGTERM");
    expect(await cli.ended).toMatchObject({ code: 0 });
  });

  const ask = ({ path, body, headers }: ForwardedCall): Promise<Response> => fetch(`${url}${path}`, { method: "POST", body, headers });

  test.each(sayable)("$what", async ({ call, expected }) => {
    const response = await ask(call);
    const type = response.headers.get("Content-Type") ?? "";
    expect({ status: response.status, answer: await answerOf(response) }).toEqual({ status: 200, answer: expectedAnswer(expected, type) });
  });

  test.each(refused)("$what is refused", async ({ what, call, expected }) => {
    if (call === undefined) return expect(what).toBe("a function as argument");
    const response = await ask(call);
    const { error } = (await response.json()) as { readonly error: string };
    const [status, message] = expected as (typeof told)[string];
    expect([response.status, error]).toEqual([status, expect.stringMatching(message)]);
  });

  test("all of this at once, each twice: every call has its own answer", async () => {
    const asked = [...sayable, ...sayable].map(async ({ call, expected }) => {
      const response = await ask(call);
      const type = response.headers.get("Content-Type") ?? "";
      expect(await answerOf(response)).toEqual(expectedAnswer(expected, type));
    });
    await Promise.all(asked);
  });

  test("items of a stream, then its end; one that breaks off says so after the items before", async () => {
    const items = echoes.map(([, value]) => value).filter(isJson);
    expect(await events("values", [items])).toEqual(items.map((item) => ({ data: item })));
    const failing = await events("failing", [2]);
    expect(failing.slice(0, 2)).toEqual([{ data: 0 }, { data: 1 }]);
    expect(failing.slice(2)).toEqual([{ event: "error", data: { error: expect.stringMatching(/^the server failed on this request/) as unknown } }]);
  });

  async function events(method: string, args: readonly unknown[]): Promise<readonly object[]> {
    const response = await fetch(`${url}/stream/${method}`, { method: "POST", body: JSON.stringify(args), headers: { "Content-Type": "application/json" } });
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
    const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
    return blocks.map((block) => {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const data = JSON.parse([...block.matchAll(/^data: (.*)$/gm)].map(([, line]) => line).join("\n")) as unknown;
      return event === undefined ? { data } : { event, data };
    });
  }
});
