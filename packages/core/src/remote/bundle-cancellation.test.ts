import { describe, expect, test } from "vitest";
import { begin, bundlesOf, call, cancellationsSeen, clientThatKnows, echo, frames, isBundle, serverOf, value } from "./bundle-server.testing.js";
import { cancellationsOf } from "./cancellation.js";
import { FakeServer } from "./fake-server.testing.js";
import { errorOf } from "./remote-calls.testing.js";

describe("giving up calls that travel together", () => {
  test("one of several: it rejects at once, the server hears which, and the others are answered", async () => {
    const held: (() => void)[] = [];
    await using server = await serverOf((response) => {
      begin(response);
      response.write(frames([1, value('"early"')]));
      held.push(() => response.end(frames([3, value('"late"')])));
    });
    const client = await clientThatKnows(server);
    const controllers = [0, 1, 2].map(() => new AbortController());
    const answers = [errorOf(call(client, 0, { signal: controllers[0]?.signal })), call(client, 1, { signal: controllers[1]?.signal }), errorOf(call(client, 2, { signal: controllers[2]?.signal })), call(client, 3)];
    expect(await answers[1]).toBe("early");
    const reason = new Error("not wanted");
    for (const controller of controllers) controller.abort(reason);
    expect([await answers[0], await answers[2]]).toEqual([reason, reason]);
    await expect.poll(() => cancellationsSeen(server)).toHaveLength(1);
    const bundle = bundlesOf(server)[0]?.headers["bento-bundle"];
    expect(cancellationsOf(cancellationsSeen(server)[0] ?? "")).toEqual([{ bundle, calls: [0, 2] }]);
    held[0]?.();
    expect(await answers[3]).toBe("late");
    expect(server.seen.filter(({ headers }) => headers["bento-cancel"] !== undefined).map(({ url, body }) => [url, body.length])).toEqual([["/predict", 0]]);
  });

  test("all of them closes the connection, and nothing else is sent", async () => {
    await using server = await serverOf(() => undefined);
    const client = await clientThatKnows(server);
    const controller = new AbortController();
    const answers = [1, 2].map((argument) => errorOf(call(client, argument, { signal: controller.signal })));
    await expect.poll(() => bundlesOf(server)).toHaveLength(1);
    controller.abort(new Error("not wanted"));
    expect((await Promise.all(answers)).map(({ message }) => message)).toEqual(["not wanted", "not wanted"]);
    await expect.poll(() => server.sockets.some(({ destroyed }) => destroyed)).toBe(true);
    expect(await call(client, 3)).toBe("done");
    expect(cancellationsSeen(server)).toEqual([]);
  });

  test("a server that goes on with what is given up does not keep the connection", async () => {
    const held: (() => void)[] = [];
    await using server = await serverOf((response) => {
      begin(response);
      held.push(() => response.write(frames([1, value("1")])));
    });
    const client = await clientThatKnows(server, { maxConnections: 1 });
    const controller = new AbortController();
    const [given, answered] = [errorOf(call(client, 0, { signal: controller.signal })), call(client, 1)];
    await expect.poll(() => held.length).toBe(1);
    controller.abort(new Error("not wanted"));
    expect((await given).message).toBe("not wanted");
    held[0]?.();
    expect(await answered).toBe(1);
    expect(await call(client, 2)).toBe("done");
  });

  test("each has its own time limit", async () => {
    const held: (() => void)[] = [];
    await using server = await serverOf((response) => {
      begin(response);
      held.push(() => response.end(frames([1, value("1")])));
    });
    const client = await clientThatKnows(server);
    const [late, other] = [errorOf(call(client, 0, { timeoutMs: 20 })), call(client, 1)];
    expect(await late).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await expect.poll(() => cancellationsSeen(server)).toHaveLength(1);
    held[0]?.();
    expect(await other).toBe(1);
  });

  test("a call that waits for the end of its turn leaves no trace", async () => {
    await using server = await FakeServer.start(echo);
    const client = await clientThatKnows(server);
    const controller = new AbortController();
    const [given, other] = [errorOf(call(client, 0, { signal: controller.signal })), call(client, 1)];
    controller.abort(new Error("not wanted"));
    expect((await given).message).toBe("not wanted");
    expect(await other).toBe("done");
    expect(server.seen.map(isBundle)).toEqual([false, false]);
  });

  test("close gives all of them up", async () => {
    await using server = await serverOf(() => undefined);
    const client = await clientThatKnows(server);
    const answers = [1, 2].map((argument) => errorOf(call(client, argument)));
    await expect.poll(() => bundlesOf(server)).toHaveLength(1);
    await client.close(0);
    expect((await Promise.all(answers)).map(({ name }) => name)).toEqual(["ServiceUnavailableError", "ServiceUnavailableError"]);
  });
});
