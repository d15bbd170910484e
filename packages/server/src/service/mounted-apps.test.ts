import { BentoMLError } from "bentoml-core";
import type { FastifyPluginAsync } from "fastify";
import { expect, test, vi } from "vitest";
import { io } from "../io/index.js";
import { serveService } from "../testing/served-service.js";
import { Service } from "./service.js";

const json = { "Content-Type": "application/json" };

/** A plugin with routes of its own. */
const users: FastifyPluginAsync = async (app) => {
  app.get("/:id", (request) => request.params);
  app.post("/", (request) => ({ saved: request.body }));
  app.get("/typed", () => {
    throw new BentoMLError("no such user", { httpStatus: 404 });
  });
  app.get("/unexpected", () => {
    throw new Error("secret");
  });
};

function serviceWithUsers(): Service {
  const service = new Service("s");
  service.mount("/users", users);
  return service;
}

test("a plugin answers at its path and below, bodies included, and what it throws is answered as elsewhere", async () => {
  const reported = vi.fn();
  await using server = await serveService(serviceWithUsers(), { onUnexpectedError: reported });
  expect((await server.get("/users/3?a=1")).json()).toEqual({ id: "3" });
  expect((await server.post("/users", { headers: json, body: { name: "a" } })).json()).toEqual({ saved: { name: "a" } });
  expect((await server.post("/users/", { headers: json, body: { name: "b" } })).json()).toEqual({ saved: { name: "b" } });
  for (const [path, status, error] of [
    ["/users/typed", 404, "no such user"],
    ["/users/unexpected", 500, "the server failed on this request; its log says why"],
    ["/users/3/4", 404, "there is nothing at /users/3/4"],
  ] as const) {
    const response = await server.get(path);
    expect([response.status, response.json()]).toEqual([status, { error }]);
  }
  expect((await server.post("/users", { headers: json, body: "{" })).status).toBe(400);
  expect((await server.get("/users/%ff")).status).toBe(400);
  expect((await server.get("/usersmore")).status).toBe(404);
  expect(reported).toHaveBeenCalledExactlyOnceWith(new Error("secret"), { endpoint: "/users/unexpected", requestId: expect.any(String) });
});

test("access, limits, request ids and metrics hold for mounted plugins", async () => {
  await using server = await serveService(serviceWithUsers(), { maxBodyBytes: 100, maxBufferedBytes: 150, access: { tokens: ["a-secret-of-some-length"] } });
  expect((await server.get("/users/3")).status).toBe(401);
  const authorized = { Authorization: "Bearer a-secret-of-some-length", "X-Request-Id": "r1" };
  const response = await server.get("/users/3", authorized);
  expect([response.status, response.headers["x-request-id"]]).toEqual([200, "r1"]);
  expect((await server.post("/users", { headers: { ...authorized, ...json }, body: JSON.stringify("x".repeat(100)) })).status).toBe(413);
  expect((await server.post("/users", { headers: { ...authorized, ...json, "Transfer-Encoding": "chunked" }, body: JSON.stringify("x".repeat(100)) })).status).toBe(413);
  for (let call = 0; call < 4; call++) {
    expect((await server.post("/users", { headers: { ...authorized, ...json }, body: JSON.stringify("x".repeat(90)) })).status).toBe(200);
  }
  const metrics = (await server.get("/metrics", authorized)).text;
  expect(metrics).toMatch(/request_total\{endpoint="\/users\/\{id\}",[^}]*http_response_code="200"\} 1/);
  expect(metrics).toMatch(/request_total\{endpoint="\/users\/\{id\}",[^}]*http_response_code="401"\} 1/);
});

test("bodies of mounted plugins are held against the server's memory for bodies", async () => {
  await using server = await serveService(serviceWithUsers(), { maxBufferedBytes: 50 });
  const response = await server.post("/users", { headers: json, body: JSON.stringify("x".repeat(60)) });
  expect([response.status, response.headers["retry-after"]]).toEqual([503, "1"]);
  expect((await server.post("/users", { headers: json, body: '"small"' })).status).toBe(200);
});

test("a plugin may call back instead of giving a promise", async () => {
  const service = new Service("s");
  service.mount("/old", (app, _options, done) => {
    app.get("/", () => "old");
    done();
  });
  await using server = await serveService(service);
  expect((await server.get("/old")).text).toBe("old");
});

test("a plugin that fails stops the start", async () => {
  const service = new Service("s");
  service.mount("/broken", () => Promise.reject(new Error("no database")));
  await expect(serveService(service)).rejects.toThrow("no database");
});

test("paths of mounts and APIs do not lie in each other", () => {
  const service = serviceWithUsers();
  const text = { input: io.text(), output: io.text() };
  service.api("a", { ...text, route: "/v1/a" }, (value) => value);
  for (const path of ["/users", "/users/more", "/v1", "/v1/a"]) expect(() => service.mount(path, users), path).toThrow("nothing can be mounted at");
  expect(() => service.mount("/v2/models", users)).toThrow("the server's own");
  expect(() => service.api("b", { ...text, route: "/users/b" }, (value) => value)).toThrow("is below /users, where a plugin is mounted");
});
