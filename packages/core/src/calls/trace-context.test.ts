import { expect, test } from "vitest";
import { traceContextOf } from "./trace-context.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

test("a trace context is taken as it is, also one of a later version", () => {
  expect(traceContextOf(`00-${TRACE}-${PARENT}-01`, "vendor=1,other=2")).toEqual({ traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: "vendor=1,other=2" });
  expect(traceContextOf(`01-${TRACE}-${PARENT}-01-more`, undefined)).toEqual({ traceparent: `01-${TRACE}-${PARENT}-01-more` });
});

test.each([
  ["nothing", undefined],
  ["two headers", [`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`]],
  ["any text", "my trace"],
  ["capitals", `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ["version ff", `ff-${TRACE}-${PARENT}-01`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
  ["a parent of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["flags and something without a dash", `00-${TRACE}-${PARENT}-01x`],
  ["a line break", `00-${TRACE}-${PARENT}-01\n`],
  ["a very long one", `01-${TRACE}-${PARENT}-01-${"x".repeat(73)}`],
])("%s is no trace context", (_what, traceparent) => {
  expect(traceContextOf(traceparent, "vendor=1")).toBeUndefined();
});

test.each([[""], ["x".repeat(513)], ["a=\u00e9"], [["a=1", "b=2"]], [undefined]])("a tracestate that cannot be sent on is left out", (tracestate) => {
  expect(traceContextOf(`00-${TRACE}-${PARENT}-01`, tracestate)).toEqual({ traceparent: `00-${TRACE}-${PARENT}-01` });
});
