import { Service } from "bentoml-server";
import { expect, test } from "vitest";
import { serviceIn } from "./load-service.js";

const [one, other] = [new Service("one"), new Service("other")];

test.each([
  ["the default", { one, default: other }, undefined, other],
  ["svc", { a: one, svc: other }, undefined, other],
  ["the only one, under two names", { a: one, b: one, c: 1 }, undefined, one],
  ["the one that is named", { svc: one, other }, "other", other],
])("%s is the service of a module", (_what, module, name, expected) => {
  expect(serviceIn(module, "/x/service.ts", name)).toBe(expected);
});

test.each([
  [{ a: one, b: other }, undefined, /exports the services a, b: say which to serve, \/x\/service\.ts:a\./],
  [{ a: 1 }, undefined, /exports no service: export one/],
  [{}, "svc", /exports no service "svc", it exports: nothing\. Services among them: none\./],
])("of %j it cannot be told", (module, name, message) => {
  expect(() => serviceIn(module, "/x/service.ts", name)).toThrow(message);
});
