import { afterEach, beforeEach, expect, test, vi } from "vitest";

const KEY = Symbol.for("bentoml.core");
const thread = globalThis as unknown as Record<symbol, unknown>;

type CopiesRoom = typeof import("./index.js");

/** Another copy of this package, as Node makes one of each folder that it finds the package in. */
async function anotherCopy(): Promise<CopiesRoom> {
  vi.resetModules();
  return import("./index.js");
}

beforeEach(() => {
  Reflect.deleteProperty(thread, KEY);
});
afterEach(() => {
  Reflect.deleteProperty(thread, KEY);
});

test("what one copy makes, the other finds; each part by its name", async () => {
  const [first, second] = [await anotherCopy(), await anotherCopy()];
  expect(first.sharedPart).not.toBe(second.sharedPart);
  const made = first.sharedPart("list", () => ["first"]);
  expect(second.sharedPart("list", () => ["second"])).toBe(made);
  expect(second.sharedPart("other", () => ["second"])).toEqual(["second"]);
});

test("what was made of nothing is kept too", async () => {
  const { sharedPart } = await anotherCopy();
  expect(sharedPart<string | undefined>("none", () => undefined)).toBeUndefined();
  expect(sharedPart<string | undefined>("none", () => "again")).toBeUndefined();
});

test("a copy of another contract that came first is refused, with both versions and the cure", async () => {
  thread[KEY] = { contract: 7, version: () => "9.9.9", parts: new Map() };
  const { sharedPart, coreVersion } = await anotherCopy();
  const message = `Two copies of bentoml-core are loaded that cannot work together: 9.9.9 and ${coreVersion()} (their contracts are 7 and 1). Have one copy: "npm ls bentoml-core"`;
  expect(() => sharedPart("list", () => [])).toThrow(expect.objectContaining({ code: "CORE_COPIES", message: expect.stringContaining(message) }));
});

test("a brand of no contract is none; of another contract it is refused", async () => {
  const { COPIES_CONTRACT, isOfAnotherContract } = await anotherCopy();
  expect(isOfAnotherContract(undefined, "NdArray")).toBe(false);
  for (const [contract, shown] of [[COPIES_CONTRACT + 1, "2"], [true, "unknown"]] as const) {
    expect(() => isOfAnotherContract(contract, "NdArray")).toThrow(`(its contract is ${shown}, here it is 1). Have one copy`);
  }
});
