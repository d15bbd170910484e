import { describe, expect, test } from "vitest";
import { ModelServer } from "../model-server.js";
import { send } from "../testing/http-client.js";
import { oneRow, callOf } from "../testing/runner-requests.js";
import { SampleServer } from "../testing/sample-runner.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import type { AccessRules } from "./access-control.js";

const path = "/v2/models/double/infer";

async function statuses(access: AccessRules, requests: readonly Record<string, string>[]): Promise<number[]> {
  await using server = await serve([doubling()], { access });
  return await Promise.all(requests.map(async (headers) => (await send(server.port, { path, body: goodBody, headers })).status));
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
const key = (apiKey: string): Record<string, string> => ({ "X-API-Key": apiKey });

describe("who may call", () => {
  test("any of the tokens lets in, so that one can be replaced while the other still holds", async () => {
    expect(await statuses({ tokens: ["old", "new"] }, [bearer("old"), bearer("new"), bearer("ol"), bearer("oldnew"), key("old"), {}])).toEqual([200, 200, 401, 401, 401, 401]);
  });

  test("API keys have a header of their own", async () => {
    expect(await statuses({ apiKeys: ["k1", "k2"] }, [key("k1"), { "x-api-KEY": "k2" }, key("k3"), key(""), bearer("k1")])).toEqual([200, 200, 401, 401, 401]);
  });

  test("with both, either is enough", async () => {
    expect(await statuses({ tokens: ["t"], apiKeys: ["k"] }, [bearer("t"), key("k"), { ...bearer("x"), ...key("k") }, { ...bearer("t"), ...key("x") }, { ...bearer("x"), ...key("x") }])).toEqual([200, 200, 200, 200, 401]);
  });

  test.each<[AccessRules, RegExp, string]>([
    [{ tokens: ["t"] }, /wants the header "Authorization: Bearer <token>"$/, "Bearer"],
    [{ apiKeys: ["k"] }, /wants the header "X-API-Key: <key>"$/, "ApiKey"],
    [{ tokens: ["t"], apiKeys: ["k"] }, /Bearer <token>" or "X-API-Key: <key>"$/, "Bearer"],
  ])("the refusal says what is wanted: %j", async (access, message, challenge) => {
    await using server = await serve([doubling()], { access });
    const refused = await send(server.port, { path, body: goodBody });
    expect([refused.status, refused.json()["error"], refused.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(message), challenge]);
  });

  test.each([{}, { tokens: [] }, { tokens: [""] }, { tokens: ["a b"] }, { apiKeys: ["ä"] }])("%j is refused when the server is made", (access) => {
    expect(() => new ModelServer({ models: [doubling()], access })).toThrow(/at least one|visible ASCII/);
  });

  test("a runner server has several tokens as well", async () => {
    await using server = await SampleServer.start({ token: ["old", "new"] });
    const calls = ["old", "new", "guess"].map(async (token) => (await send(server.port, callOf("/double", oneRow, bearer(token)))).status);
    expect(await Promise.all(calls)).toEqual([200, 200, 401]);
  });
});
