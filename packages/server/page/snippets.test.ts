import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlSnippet, LONGEST_BODY, typescriptSnippet, type SnippetCall } from "./snippets.js";

const call: SnippetCall = { url: "http://127.0.0.1:3000/v2/models/digits/infer", contentType: "application/json", body: '{"x":1}', needsToken: false };

/** What a shell would send: `curl` is replaced by what prints its arguments and its input. */
function pasted(snippet: string): { readonly args: readonly string[]; readonly input: string } {
  const [args = "", input = ""] = execFileSync("sh", ["-c", `curl() { printf '%s\\n' "$@"; printf '\\0'; cat; }\n${snippet}`], { encoding: "utf8", env: { BENTOML_TOKEN: "t" } }).split("\0");
  return { args: args.trim().split("\n"), input };
}

test.each(['{"x":1}', `{"a'b":"$(id) \`id\` \\"\\\\ END"}`, "{\n  \"x\": 1\n}", "END\nEND", "€ 😀"])("curl sends %j as it is", (body) => {
  const { args, input } = pasted(curlSnippet({ ...call, body }));
  expect(args).toEqual(["-s", call.url, "-H", "Content-Type: application/json", "--data-binary", "@-"]);
  expect(input.replaceAll("END ", "END")).toBe(`${body}\n`);
});

test("an address with a quote stays one word", () => {
  expect(pasted(curlSnippet({ ...call, url: "http://h/it's$(id)" })).args[1]).toBe("http://h/it's$(id)");
});

test("a token is never written out", () => {
  const guarded = { ...call, needsToken: true };
  expect(pasted(curlSnippet(guarded)).args).toContain("Authorization: Bearer t");
  expect(typescriptSnippet(guarded)).toContain("process.env.BENTOML_TOKEN");
});

test("long bodies come from a file", () => {
  const long = { ...call, body: JSON.stringify("x".repeat(LONGEST_BODY)) };
  expect(curlSnippet(long)).toContain("--data-binary @body.json");
  expect(typescriptSnippet(long)).toContain('readFile("body.json", "utf8")');
});

/** Runs a snippet with a stand-in for fetch, and answers what that was given. */
async function run(snippet: string): Promise<{ readonly url: string; readonly body: unknown }> {
  const AsyncFunction = (async () => undefined).constructor as new (...args: string[]) => (fetch: unknown, console: unknown) => Promise<void>;
  let seen: { url: string; body: unknown } | undefined;
  const fetch = async (url: string, { body }: { body: string }): Promise<unknown> => {
    seen = { url, body };
    return { ok: true, text: async () => "" };
  };
  await new AsyncFunction("fetch", "console", snippet)(fetch, { log: () => undefined });
  if (seen === undefined) throw new Error("nothing was fetched");
  return seen;
}

test.each(['{"x":[1,2.5,"a\u2028b"]}', '{"__proto__":{"x":1}}', '{\n  "x": null\n}'])("TypeScript sends %j", async (body) => {
  const seen = await run(typescriptSnippet({ ...call, body }));
  expect(seen.url).toBe(call.url);
  expect(JSON.parse(seen.body as string)).toEqual(JSON.parse(body));
});

test("TypeScript sends text", async () => {
  expect((await run(typescriptSnippet({ ...call, contentType: "text/plain", body: 'a "b" `c`' }))).body).toBe('a "b" `c`');
});
