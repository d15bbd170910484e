import { describe, expect, test } from "vitest";
import { openSocket, readUntil, send, type TestRequest } from "../testing/http-client.js";
import { callOf, errorOf, oneRow } from "../testing/runner-requests.js";
import { SampleServer } from "../testing/sample-runner.js";

describe("who may call", () => {
  test("with a token: calls and metrics need it, probes do not, but tell a wrong one", async () => {
    await using server = await SampleServer.start({ token: "s3cret" });
    const status = async (request: TestRequest): Promise<number> => (await send(server.port, request)).status;
    const wrong = { Authorization: "Bearer wrong" };
    const right = { Authorization: "bearer s3cret" };
    expect(await Promise.all([callOf("/double", oneRow), callOf("/double", oneRow, wrong), callOf("/double", oneRow, { Authorization: "Basic s3cret" })].map(status))).toEqual([401, 401, 401]);
    expect(await status(callOf("/double", oneRow, right))).toBe(200);
    expect(await Promise.all([{ path: "/metrics" }, { path: "/metrics", headers: right }].map(status))).toEqual([401, 200]);
    expect(await Promise.all([{ path: "/livez" }, { path: "/readyz" }, { path: "/readyz", headers: wrong }, { path: "/readyz", headers: right }].map(status))).toEqual([200, 200, 401, 200]);
    const refused = await send(server.port, callOf("/double", oneRow));
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    expect(errorOf(refused)).toMatchObject({ code: "UNAUTHORIZED", httpStatus: 401 });
  });

  test("a client that asks first is told to send its body only with the token", async () => {
    await using server = await SampleServer.start({ token: "s3cret" });
    const ask = async (...headers: readonly string[]): Promise<string> => {
      const socket = await openSocket(server.port);
      socket.write(["POST /double HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 8", ...headers, "", ""].join("\r\n"));
      const said = await readUntil(socket, (text) => text.includes("\r\n\r\n"));
      socket.destroy();
      return said;
    };
    expect(await ask()).toMatch(/^HTTP\/1.1 401 /);
    expect(await ask("Authorization: Bearer s3cret", "Bento-Wire-Version: 9")).toMatch(/^HTTP\/1.1 400 /);
    expect(await ask("Authorization: Bearer s3cret")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  });

  test("a client with the token is served, one without is told", async () => {
    await using server = await SampleServer.start({ token: "s3cret" });
    const client = await server.client({ token: "s3cret" });
    expect([await client.echo(1), await client.runnerHandleIsReady()]).toEqual([1, true]);
    const stranger = await server.client({ token: "guess" });
    await expect(stranger.echo(1)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(await stranger.runnerHandleIsReady()).toBe(false);
  });

  test("a request of another wire version is refused, with both versions", async () => {
    await using server = await SampleServer.start();
    const answer = await send(server.port, callOf("/double", oneRow, { "Bento-Wire-Version": "9" }));
    expect([answer.status, errorOf(answer).code, errorOf(answer).message]).toEqual([400, "WIRE_VERSION", expect.stringMatching(/version "9".*only version 1/)]);
  });
});
