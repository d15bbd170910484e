import { expect, test } from "vitest";
import { defaultResources, ResourceRegistry, systemResources } from "./resource-registry.js";
import type { Resource } from "./resource.js";

class DummyResource implements Resource<string> {
  readonly resourceId = "dummy";
  fromSpec(spec: unknown): string {
    return `${String(spec)}dummy`;
  }
  fromSystem(): string {
    return "dummy_fromsystem";
  }
  validate(value: string): void {
    if (!value.includes("test")) throw new RangeError("bad value");
  }
}

test("a kind of the user's own, with the numbers of the Python original's tests", () => {
  const registry = new ResourceRegistry([new DummyResource()]);
  expect(registry.get({ dummy: "testval" }, "dummy")).toBe("testvaldummy");
  expect(registry.get({ dummy: "system" }, "dummy")).toBe("dummy_fromsystem");
  expect(registry.get({}, "dummy")).toBeUndefined();
  expect(registry.get({ dummy: null }, "dummy")).toBeUndefined();
  expect(() => registry.get({ dummy: "bad" }, "dummy")).toThrow(RangeError);
  expect(registry.system()).toEqual({ dummy: "dummy_fromsystem" });
});

test("a kind may be given as a class, and replaces one of the same id", () => {
  const registry = new ResourceRegistry([{ resourceId: "dummy", fromSpec: () => "", fromSystem: () => "old", validate: () => undefined }]);
  registry.register(DummyResource);
  expect(registry.system()).toEqual({ dummy: "dummy_fromsystem" });
});

test("an unknown kind is told with those that are known, and a near one", () => {
  expect(() => defaultResources.get({}, "nvidia/gpu")).toThrow(/"nvidia\/gpu", did you mean "nvidia\.com\/gpu"\?.*cpu, nvidia\.com\/gpu/);
  expect(() => defaultResources.check({ cpu: 1, memory: "1G" })).toThrow(/Unknown kind of resource "memory"/);
});

test("this machine has at least a part of a core, and tells its GPUs", () => {
  const { cpu, ...others } = systemResources();
  expect(cpu).toBeGreaterThan(0);
  expect(others["nvidia.com/gpu"]).toBeInstanceOf(Array);
});
