import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { openSocket, readToEnd, send } from "../testing/http-client.js";
import { SampleServer, runnerOfOneItem } from "../testing/sample-runner.js";

describe("closing", () => {
  test("not ready at once, accepted calls finish, new ones are refused, then nobody listens", async () => {
    await using server = await SampleServer.start();
    const client = await server.client();
    const items = client.count.stream(3);
    expect((await items.next()).value).toBe(0);
    const idle = await openSocket(server.port);
    const closed = server.server.close({ graceMs: 60_000 });
    await readToEnd(idle);
    const rest: number[] = [];
    for await (const item of items) rest.push(item);
    expect(rest).toEqual([1, 2]);
    await closed;
    await expect(client.echo(1)).rejects.toMatchObject({ code: "RUNNER_UNREACHABLE" });
    await expect(server.server.listen({ port: 0 })).rejects.toThrow(/listens once/);
  });

  test("what does not finish in time is cut off", async () => {
    await using server = await SampleServer.start();
    const client = await server.client();
    const answer = client.wait(1).catch((error: unknown) => error);
    await expect.poll(() => server.events.begun).toBe(1);
    await server.server.close({ graceMs: 0 });
    expect(await answer).toMatchObject({ code: "RUNNER_CONNECTION_LOST" });
    await expect.poll(() => server.events.aborted).toBe(1);
  });

  test("a runner that the server owns is started and destroyed with it", async () => {
    await using sample = new SampleServer();
    const calls: string[] = [];
    const runner = {
      ...runnerOfOneItem(sample),
      name: "owned",
      init: () => Promise.resolve(calls.push("init")),
      destroy: () => Promise.resolve(void calls.push("destroy")),
      runnerHandleIsReady: () => Promise.resolve(true),
    };
    await using owner = new SampleServer({ runner, ownsRunner: true });
    await owner.server.listen({ port: 0 });
    await owner.server.close();
    expect(calls).toEqual(["init", "destroy"]);
  });

  test("is not ready before its start has ended, whatever the runner says", async () => {
    await using sample = new SampleServer();
    let endStart = (): void => undefined;
    const init = (): Promise<void> => new Promise((resolve) => (endStart = resolve));
    const runner = { ...runnerOfOneItem(sample), name: "slow", init, runnerHandleIsReady: () => Promise.resolve(true) };
    await using owner = new SampleServer({ runner, ownsRunner: true });
    const port = await freePort();
    const listening = owner.server.listen({ port });
    await expect.poll(async () => (await send(port, { path: "/livez" }).catch(() => undefined))?.status).toBe(200);
    expect((await send(port, { path: "/readyz" })).status).toBe(503);
    endStart();
    await listening;
    expect((await send(port, { path: "/readyz" })).status).toBe(200);
  });

  test("a runner that cannot be started is told, and the port is free again", async () => {
    await using sample = new SampleServer();
    const runner = { ...runnerOfOneItem(sample), name: "broken", init: () => Promise.reject(new Error("no model file")), runnerHandleIsReady: () => Promise.resolve(false) };
    await using owner = new SampleServer({ runner, ownsRunner: true });
    await expect(owner.server.listen({ port: 0 })).rejects.toThrow("no model file");
  });
});

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
