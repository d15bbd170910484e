import { expect, test } from "vitest";
import { resolveRemoteOptions, type RemoteRunnerOptions } from "./remote-runner-options.js";

const url = "http://127.0.0.1:1";

test("what is left out has its default", () => {
  expect(resolveRemoteOptions({ url })).toMatchObject({ maxConnections: 16, connectTimeoutMs: 5_000, timeoutMs: 900_000, retries: 3, token: undefined, tls: undefined });
});

test.each<[Partial<RemoteRunnerOptions>, RegExp]>([
  [{ maxConnections: 0 }, /maxConnections of a remote runner is 0; it must be a whole number of at least 1/],
  [{ maxConnections: 1.5 }, /maxConnections/],
  [{ retries: -1 }, /retries of a remote runner is -1/],
  [{ timeoutMs: NaN }, /timeoutMs of a remote runner is NaN/],
  [{ connectTimeoutMs: 0 }, /connectTimeoutMs/],
  [{ tls: {} }, /"tls" needs a url of "https:\/\/"/],
  [{ token: "secret\n" }, /line break/],
  [{ token: "" }, /token/],
])("%o is refused", (options, why) => {
  expect(() => resolveRemoteOptions({ url, ...options })).toThrow(why);
});

test("a token does not get into the message", () => {
  expect(() => resolveRemoteOptions({ url, token: "sec ret" })).not.toThrow(/sec ret/);
});
