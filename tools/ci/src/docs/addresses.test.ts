import { expect, test } from "vitest";
import { asHere, freePorts } from "./addresses.mjs";

const ports = { "3000": 51000, "4000": 52000 };

test.each([
  ["curl http://127.0.0.1:3000/v2", "curl http://127.0.0.1:51000/v2"],
  ["listen({ port: 3000 })", "listen({ port: 51000 })"],
  ["serve --port 4000 --workers 2", "serve --port 52000 --workers 2"],
  ['url: "http://10.0.0.7:4000"', 'url: "http://127.0.0.1:52000"'],
  ["--token-file /run/secrets/runner", "--token-file /tmp/x/run/secrets/runner"],
  ["port: 9000, timeoutMs: 3000, [3000]", "port: 9000, timeoutMs: 3000, [3000]"],
])("%j is %j where it is run", (there, here) => {
  expect(asHere(there, "/tmp/x", ports)).toBe(here);
});

test("free ports differ", async () => {
  const found = Object.values(await freePorts());
  expect(new Set(found).size).toBe(3);
});
