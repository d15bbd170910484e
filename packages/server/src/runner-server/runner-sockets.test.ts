import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SampleServer } from "../testing/sample-runner.js";

let folder: string;
let socket: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bentoml-socket-"));
  socket = join(folder, "run ner.sock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("a Unix socket", () => {
  test("answers as a port does, is closed to other users, and goes with its server", async () => {
    const server = await SampleServer.start({}, { socket });
    expect(server.url).toBe(`unix:${folder}/run%20ner.sock`);
    expect((statSync(socket).mode & 0o777).toString(8)).toBe("600");
    const client = await server.client();
    expect([await client.echo("x"), await client.runnerHandleIsReady()]).toEqual(["x", true]);
    const items: number[] = [];
    for await (const item of client.count.stream(3)) items.push(item);
    expect(items).toEqual([0, 1, 2]);
    const byFile = await server.client({ url: `file://${folder}/run%20ner.sock` });
    expect(await byFile.echo("y")).toBe("y");
    await server[Symbol.asyncDispose]();
    expect(existsSync(socket)).toBe(false);
  });

  test("that a killed server left behind is taken over", async () => {
    leaveStaleSocket(socket);
    await using server = await SampleServer.start({}, { socket });
    expect(await (await server.client()).echo("x")).toBe("x");
  });

  test("on which somebody listens is left to him", async () => {
    await using first = await SampleServer.start({}, { socket });
    await using second = new SampleServer();
    await expect(second.server.listen({ socket })).rejects.toMatchObject({ code: "SOCKET_IN_USE", message: expect.stringContaining(socket) });
    expect(await (await first.client()).echo("still here")).toBe("still here");
  });

  test("is never a file that was there", async () => {
    writeFileSync(socket, "precious");
    await using server = new SampleServer();
    await expect(server.server.listen({ socket })).rejects.toMatchObject({ code: "NOT_A_SOCKET" });
    expect(statSync(socket).size).toBe(8);
  });

  test("has a path of limited length, in a folder that is there", async () => {
    await using long = new SampleServer();
    await expect(long.server.listen({ socket: `/${"x".repeat(120)}` })).rejects.toThrow(/can have 103 bytes/);
    await using nowhere = new SampleServer();
    await expect(nowhere.server.listen({ socket: join(folder, "no", "such.sock") })).rejects.toMatchObject({ code: "LISTEN_FAILED" });
  });
});

/** A socket's file of which the listener was killed: who ends by itself takes his file along. */
function leaveStaleSocket(path: string): void {
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect(existsSync(path)).toBe(true);
}
