import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { DummyRunnerHandle, failedStream } from "../handles/index.js";
import { HandleSlot, type StartingHandle } from "./handle-slot.js";

/** A handle whose start and close end when the test says so. */
class Controlled implements StartingHandle {
  readonly facts = {};
  readonly events: string[] = [];
  started: () => void = () => undefined;
  failed: (error: Error) => void = () => undefined;
  closed: () => void = () => undefined;
  graceMs: number | undefined;

  start(): Promise<void> {
    this.events.push("start");
    return new Promise((resolve, reject) => {
      this.started = resolve;
      this.failed = reject;
    });
  }
  close(graceMs: number): Promise<void> {
    this.events.push("close");
    this.graceMs = graceMs;
    return new Promise((resolve) => {
      this.closed = resolve;
    });
  }
  isReady(): Promise<boolean> {
    return Promise.resolve(true);
  }
  runMethod(): Promise<unknown> {
    return Promise.resolve();
  }
  streamMethod(): AsyncGenerator<never, void, undefined> {
    return failedStream(new Error("no stream"));
  }
  stats(): ReturnType<DummyRunnerHandle["stats"]> {
    return new DummyRunnerHandle("r").stats();
  }
}

function setUp(): { clock: VirtualClock; slot: HandleSlot; handle: Controlled } {
  const clock = new VirtualClock();
  return { clock, slot: new HandleSlot("r", clock), handle: new Controlled() };
}

/** How the promise stands after everything that could settle it now has. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = "pending";
  promise.then(
    () => (state = "resolved"),
    (error: unknown) => (state = String(error)),
  );
  await new Promise(setImmediate);
  return state;
}

test("a handle takes calls from the moment it is put in, and is live when it has started", async () => {
  const { slot, handle } = setUp();
  expect(slot.untouched).toBe(true);
  const init = slot.install("workers", () => handle);
  expect([slot.handle, slot.untouched]).toEqual([handle, false]);
  expect(await stateOf(init)).toBe("pending");
  handle.started();
  expect(await stateOf(init)).toBe("resolved");
});

test("two inits of a kind share one start, also when it has long ended", async () => {
  const { slot, handle } = setUp();
  const inits = [slot.install("workers", () => handle), slot.install("workers", () => new Controlled())];
  handle.started();
  await Promise.all(inits);
  await slot.install("workers", () => new Controlled());
  expect(slot.handle).toBe(handle);
  expect(handle.events).toEqual(["start"]);
});

test("another kind over a handle, starting or live, is refused", async () => {
  const { slot, handle } = setUp();
  void slot.install("workers", () => handle);
  await expect(slot.install("local", () => new Controlled())).rejects.toThrow(/already initialised \(workers\); await destroy\(\)/);
  handle.started();
  await new Promise(setImmediate);
  await expect(slot.install("local", () => new Controlled())).rejects.toMatchObject({ code: "STATE_ERROR" });
});

test("the same object of the user's own may be given twice, another may not", async () => {
  const { slot, handle } = setUp();
  const init = slot.install("client", () => handle, handle);
  handle.started();
  await Promise.all([init, slot.install("client", () => handle, handle)]);
  await expect(slot.install("client", () => new Controlled(), new Controlled())).rejects.toThrow(/already initialised \(client\)/);
  await expect(slot.install("client", () => new Controlled())).rejects.toThrow(/already initialised/);
});

test("a start that fails leaves the runner as it was, for the next try", async () => {
  const { slot, handle } = setUp();
  const init = slot.install("workers", () => handle);
  handle.failed(new Error("no model"));
  await expect(init).rejects.toThrow("no model");
  expect(slot.untouched).toBe(true);
  expect(slot.handle).toBeInstanceOf(DummyRunnerHandle);
  const second = new Controlled();
  const again = slot.install("local", () => second);
  second.started();
  await again;
  expect(slot.handle).toBe(second);
});

test("what cannot even be made leaves the runner as it was", async () => {
  const { slot } = setUp();
  const make = (): never => {
    throw new RangeError("no way");
  };
  await expect(slot.install("workers", make)).rejects.toThrow("no way");
  expect(slot.untouched).toBe(true);
});

test("destroy during init waits for the start, then closes in what is left of its time", async () => {
  const { clock, slot, handle } = setUp();
  const init = slot.install("workers", () => handle);
  const destroyed = slot.destroy(100);
  expect(slot.destroying).toBe(true);
  await clock.advance(30);
  expect(handle.events).toEqual(["start"]);
  handle.started();
  expect(await stateOf(init)).toBe("resolved");
  expect(handle.events).toEqual(["start", "close"]);
  expect(handle.graceMs).toBeCloseTo(70, 0);
  handle.closed();
  await destroyed;
  expect(slot.handle).toBeInstanceOf(DummyRunnerHandle);
  expect([slot.untouched, slot.destroying]).toEqual([false, false]);
});

test("destroy does not wait for ever for a start that hangs: the init is told", async () => {
  const { clock, slot, handle } = setUp();
  const init = slot.install("workers", () => handle);
  const told = expect(init).rejects.toThrow('Runner "r" was destroyed before it was ready.');
  const destroyed = slot.destroy(100);
  await clock.advance(100);
  await told;
  expect(handle.events).toEqual(["start", "close"]);
  expect(handle.graceMs).toBe(0);
  handle.closed();
  await destroyed;
});

test("destroy during a start that fails ends too, and does not take a later handle with it", async () => {
  const { slot, handle } = setUp();
  const init = slot.install("workers", () => handle);
  const destroyed = slot.destroy(100);
  handle.failed(new Error("no model"));
  await expect(init).rejects.toThrow("no model");
  await expect(slot.install("workers", () => new Controlled())).rejects.toThrow(/is being destroyed; await destroy\(\)/);
  await new Promise(setImmediate);
  handle.closed();
  await destroyed;
  expect(slot.untouched).toBe(false);
});

test("init during destroy is refused, after it is a new start", async () => {
  const { slot, handle } = setUp();
  const init = slot.install("workers", () => handle);
  handle.started();
  await init;
  const destroyed = slot.destroy(100);
  await expect(slot.install("workers", () => new Controlled())).rejects.toThrow(/is being destroyed/);
  handle.closed();
  await destroyed;
  const second = new Controlled();
  const again = slot.install("local", () => second);
  second.started();
  await again;
  expect(slot.handle).toBe(second);
});

test("two destroys are one; one of nothing is allowed", async () => {
  const { slot, handle } = setUp();
  await slot.destroy(100);
  const init = slot.install("workers", () => handle);
  handle.started();
  await init;
  const destroys = [slot.destroy(100), slot.destroy(0)];
  handle.closed();
  await Promise.all(destroys);
  expect(handle.events).toEqual(["start", "close"]);
});

test("a close that fails rejects destroy, and the handle is gone all the same", async () => {
  const { slot, handle } = setUp();
  const init = slot.install("workers", () => Object.assign(handle, { close: () => Promise.reject(new Error("stuck")) }));
  handle.started();
  await init;
  await expect(slot.destroy(100)).rejects.toThrow("stuck");
  expect(slot.handle).toBeInstanceOf(DummyRunnerHandle);
  expect(slot.destroying).toBe(false);
});

test("readiness waits for a start, for its time in all", async () => {
  const { clock, slot, handle } = setUp();
  expect(await slot.isReady(10)).toBe(false);
  void slot.install("workers", () => handle);
  const times: number[] = [];
  handle.isReady = ((timeoutMs: number) => Promise.resolve(times.push(timeoutMs) > 0)) as () => Promise<boolean>;
  const ready = slot.isReady(50);
  await clock.advance(20);
  handle.started();
  await new Promise(setImmediate);
  expect(await ready).toBe(true);
  expect(times[0]).toBeCloseTo(30, 0);
});
