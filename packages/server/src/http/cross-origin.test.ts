import { describe, expect, test } from "vitest";
import { io } from "../io/index.js";
import { send, type TestRequest, type TestResponse } from "../testing/http-client.js";
import { serveService, serviceOf } from "../testing/served-service.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import { CrossOrigin, type CrossOriginRules } from "./cross-origin.js";

const page = "https://app.example.org";
const routes: readonly TestRequest[] = [
  { path: "/v2/models/double/infer", body: goodBody },
  { path: "/v2/models/double/infer", body: "{" },
  { path: "/v2/models/nope/infer", body: goodBody },
  { method: "POST", path: "/v2/repository/index" },
  { path: "/v2/models/double" },
  { path: "/nowhere" },
  { path: "/livez" },
];

async function ask(rules: CrossOriginRules | undefined, request: TestRequest): Promise<TestResponse> {
  await using server = await serve([doubling()], rules === undefined ? {} : { crossOrigin: rules });
  return await send(server.port, request);
}

const corsHeaders = ({ headers }: TestResponse): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-") || name === "vary"));
const preflight = (origin: string, headers: Record<string, string> = {}): TestRequest => ({
  method: "OPTIONS",
  path: "/v2/models/double/infer",
  headers: { Origin: origin, "Access-Control-Request-Method": "POST", ...headers },
});

describe("a call of a page", () => {
  test.each(routes)("may be read by an allowed origin: %j", async (route) => {
    const answer = await ask({ allowOrigins: [page] }, { ...route, headers: { Origin: page } });
    expect(corsHeaders(answer)).toEqual({
      "access-control-allow-origin": page,
      "access-control-expose-headers": "Inference-Header-Content-Length, Payload-Meta, Content-Disposition, X-Request-Id, Retry-After, WWW-Authenticate",
      vary: "Origin",
    });
  });

  test("of another origin, and of none, is answered without leave to read it", async () => {
    for (const headers of [{ Origin: "https://evil.example.org" }, { Origin: "null" }, { Origin: `${page}.evil.org` }, undefined]) {
      const answer = await ask({ allowOrigins: [page], allowOriginRegex: "https://[a-z]+\\.example\\.com" }, { ...routes[0]!, ...(headers === undefined ? {} : { headers }) });
      expect([answer.status, corsHeaders(answer)]).toEqual([200, { vary: "Origin" }]);
    }
  });

  test("may be allowed to every origin, or to those that a regular expression fits as a whole", async () => {
    const any = await ask({ allowOrigins: ["*"], exposeHeaders: ["X-Mine"] }, { ...routes[0]!, headers: { Origin: page } });
    expect(corsHeaders(any)).toEqual({ "access-control-allow-origin": "*", "access-control-expose-headers": "X-Mine" });
    const fitting = { allowOrigins: [], allowOriginRegex: "https://[a-z]+\\.example\\.org|http://localhost:\\d+", allowCredentials: true };
    for (const origin of [page, "http://localhost:5173"]) {
      expect(corsHeaders(await ask(fitting, { ...routes[0]!, headers: { Origin: origin } }))).toMatchObject({ "access-control-allow-origin": origin, "access-control-allow-credentials": "true" });
    }
    expect(corsHeaders(await ask(fitting, { ...routes[0]!, headers: { Origin: "http://localhost:5173.evil.org" } }))).toEqual({ vary: "Origin" });
  });

  test("is not spoken of where nothing is said about origins", async () => {
    expect(corsHeaders(await ask(undefined, { ...routes[0]!, headers: { Origin: page } }))).toEqual({});
  });
});

describe("what a browser asks before a call", () => {
  test("is answered for every route at once", async () => {
    const answer = await ask({ allowOrigins: [page], maxAgeSeconds: 600 }, preflight(page));
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(corsHeaders(answer)).toEqual({
      "access-control-allow-origin": page,
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "Content-Type, Content-Encoding, Inference-Header-Content-Length, Payload-Meta, Authorization, X-API-Key, X-Request-Id, traceparent, tracestate",
      "access-control-expose-headers": "Inference-Header-Content-Length, Payload-Meta, Content-Disposition, X-Request-Id, Retry-After, WWW-Authenticate",
      "access-control-max-age": "600",
      vary: "Origin",
    });
  });

  test("arrays in binary form may go both ways", async () => {
    const service = serviceOf(io.ndarray(), io.ndarray(), (array) => array);
    await using server = await serveService(service, { crossOrigin: { allowOrigins: [page] } });
    const headers = { "Content-Type": "application/octet-stream", Accept: "application/octet-stream", "Payload-Meta": '{"dtype":"uint8","shape":[2]}' };
    const asked = await send(server.port, { ...preflight(page, { "Access-Control-Request-Headers": Object.keys(headers).join(",") }), path: "/call" });
    for (const name of ["Content-Type", "Payload-Meta"]) expect(asked.headers["access-control-allow-headers"]).toContain(name);
    const answer = await server.post("/call", { headers: { ...headers, Origin: page }, body: Buffer.from([1, 2]) });
    expect([answer.status, answer.headers["payload-meta"]]).toEqual([200, headers["Payload-Meta"]]);
    expect(answer.headers["access-control-expose-headers"]).toContain("Payload-Meta");
  });

  test("any header may be allowed", async () => {
    const rules = { allowOrigins: [page], allowHeaders: ["*"], allowMethods: ["POST"] };
    const answer = await ask(rules, preflight(page, { "Access-Control-Request-Headers": "authorization, x-mine" }));
    expect(corsHeaders(answer)).toMatchObject({ "access-control-allow-headers": "authorization, x-mine", "access-control-allow-methods": "POST" });
  });

  test("is refused to other origins, and counted", async () => {
    await using server = await serve([doubling()], { crossOrigin: { allowOrigins: [page] } });
    const refused = await send(server.port, preflight("https://evil.example.org"));
    expect([refused.status, refused.json()]).toEqual([403, { error: "pages of https://evil.example.org may not call this server" }]);
    const metrics = await send(server.port, { path: "/metrics" });
    expect(metrics.text).toMatch(/request_total\{endpoint="\(preflight\)",[^}]*http_response_code="403"\} 1/);
  });

  test("an OPTIONS that no browser sent is the usual 405", async () => {
    expect((await ask({ allowOrigins: [page] }, { method: "OPTIONS", path: "/v2/models/double/infer" })).status).toBe(405);
  });
});

test.each<[CrossOriginRules, RegExp]>([
  [{ allowOrigins: ["*"], allowCredentials: true }, /would let every web page act as its reader/],
  [{ allowOrigins: [], allowOriginRegex: "(" }, /allow_origin_regex is no regular expression/],
])("the rules %j are refused", (rules, message) => {
  expect(() => new CrossOrigin(rules)).toThrow(message);
});
