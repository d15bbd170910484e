import { expect, test } from "vitest";
import { onBackend, openEngine, startedCore } from "./engine.js";
import { backends } from "./testing/backends.js";
import { tf } from "./testing/models.js";

/** TensorFlow's library has 400 MB, which a busy machine takes its time to load. */
const LOADING_MS = 60_000;

const listeners = (): number => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");

// The first test of the file, since WebAssembly starts once in a thread.
test.each([...new Set(["wasm", ...backends] as const)])("%s starts with the process's listeners as they were, and stays out of use where another backend is in use", async (backend) => {
  const before = listeners();
  startedCore();
  expect(tf.getBackend()).toBe("cpu");
  const { engine, passedOver } = await openEngine(backend);
  expect([engine.backend, passedOver, listeners(), tf.getBackend()]).toEqual([backend, [], before, "cpu"]);
  expect((await openEngine(backend)).engine).toBe(engine);
}, LOADING_MS);

test("a backend is in use for as long as the work lasts, whichever way it ends", async () => {
  const { engine } = await openEngine("wasm");
  await tf.setBackend("cpu");
  expect([onBackend(engine, () => tf.getBackend()), tf.getBackend()]).toEqual(["wasm", "cpu"]);
  expect(() =>
    onBackend(engine, () => {
      throw new Error("failed");
    }),
  ).toThrow("failed");
  expect(tf.getBackend()).toBe("cpu");
  const later = onBackend(engine, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return tf.getBackend();
  });
  expect(tf.getBackend()).toBe("wasm");
  expect([await later, tf.getBackend()]).toEqual(["wasm", "cpu"]);
  const failing = onBackend(engine, () => Promise.reject(new Error("failed later")));
  await expect(failing).rejects.toThrow("failed later");
  expect(tf.getBackend()).toBe("cpu");
});
