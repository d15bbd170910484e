import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { autoContainer, kwargs, Params, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { joined } from "./arbitrary-payload.testing.js";
import {
  CALLS_TYPE,
  decodeCall,
  defaultFrameLimits,
  encodeBundle,
  encodeCall,
  encodeFrame,
  encodeStreamFrame,
  ERROR_TYPE,
  FRAME_TYPE,
  MULTIPLE_OUTPUTS_TYPE,
  REPLIES_TYPE,
  ReplyWriter,
  STREAM_TYPE,
} from "./index.js";

const page = readFileSync(new URL("../../../../docs/wire-format.md", import.meta.url), "utf8");

/** The bytes that the page shows. */
function shownBytes(name: string): string {
  const block = new RegExp(`\`\`\`hex ${name}\n([^\`]*)\`\`\``).exec(page)?.[1] ?? "";
  return block
    .split("\n")
    .map((line) => line.slice(6, 6 + 47).replaceAll(" ", ""))
    .join("");
}

const hex = (parts: readonly Uint8Array[]): string => Buffer.from(joined(parts)).toString("hex");

test("the examples are what the code writes", async () => {
  const payloads = await autoContainer.paramsToPayloads(Params.of(NdArray.from([[1, 2, 3]]), kwargs({ t: 0.5 })), 0);
  expect(hex(encodeFrame({ kind: "payloads", payloads }))).toBe(shownBytes("payloads"));
  expect(hex(encodeStreamFrame({ kind: "end" }))).toBe(shownBytes("stream"));
  const seven = autoContainer.toPayload(7, 0) as Payload;
  expect(hex(encodeBundle([{ marks: { timeoutMs: 5000, requestId: "r-1" }, call: new Params([seven]) }]))).toBe(shownBytes("calls"));
  expect(hex(new ReplyWriter().write({ call: 1, reply: { kind: "error", error: new RangeError("odd") } }))).toBe(shownBytes("replies"));
});

test("the call by hand can be read", () => {
  const lines = /```http\n([^`]*)```/.exec(page)?.[1]?.trim().split("\n").slice(1) ?? [];
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  const call = decodeCall(headers, new Uint8Array(Number(headers["Content-Length"])));
  expect(autoContainer.fromPayload(call.args[0] as Payload)).toEqual(NdArray.zeros("float32", [1, 28, 28]));
});

test("the table of limits has every limit and its default", () => {
  const rows = [...page.matchAll(/^\| `(max\w+)` \| (\d+) \|/gm)].map(([, name, value]) => [name, Number(value)]);
  expect(Object.fromEntries(rows)).toEqual(defaultFrameLimits);
});

test("every content type and header is on the page", async () => {
  for (const type of [FRAME_TYPE, MULTIPLE_OUTPUTS_TYPE, STREAM_TYPE, CALLS_TYPE, REPLIES_TYPE, ERROR_TYPE]) expect(page).toContain(`| \`${type}\` |`);
  const { headers } = encodeCall(await autoContainer.paramsToPayloads(kwargs({ x: NdArray.from(["a"]) }), 0));
  for (const name of Object.keys(headers)) expect(page).toContain(name === "Content-Type" ? "| Content-Type |" : `| \`${name}\` |`);
});
