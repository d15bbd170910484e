import { describe, expect, test, vi } from "vitest";
import { NotFoundError } from "../../errors/index.js";
import { builtInRegistry, DataContainerBase, defaultContainer, type JoinedBatch, type Payload } from "../../containers/index.js";
import { ContainerImports } from "./container-imports.js";

class Point {
  readonly x = 1;
}

class PointContainer extends DataContainerBase<Point> {
  readonly name = "PointContainer";
  getBatchSize = (): number => 1;
  batchesToBatch = (batches: readonly Point[]): JoinedBatch<Point> => ({ batch: batches[0] as Point, indices: [0, 1] });
  batchToBatches = (batch: Point): Point[] => [batch];
  toPayload = (): Payload => ({ container: this.name, meta: {}, batchSize: 1, buffers: [] });
  fromPayload = (): Point => new Point();
}

const modules = [{ container: "PointContainer", module: "file:///points.mjs" }];
const payload: Payload = { container: "PointContainer", meta: {}, batchSize: 1, buffers: [] };

function setUp(module: (registry: ReturnType<typeof builtInRegistry>) => unknown) {
  const registry = builtInRegistry();
  const importModule = vi.fn(async (_url: string) => module(registry));
  const imports = new ContainerImports(registry, importModule);
  imports.add(modules);
  return { registry, importModule, imports };
}

const registering = (registry: ReturnType<typeof builtInRegistry>) => ({ register: () => registry.registerContainer(Point, Point, new PointContainer()) });

describe("the module of a container", () => {
  test("is imported once, when a payload names the container", async () => {
    const { registry, importModule, imports } = setUp(registering);
    await imports.forPayloads([[{ ...payload, container: "DefaultContainer" }], []]);
    expect(importModule).not.toHaveBeenCalled();
    for (let time = 0; time < 2; time++) await imports.forPayloads([[payload, payload]]);
    expect(importModule.mock.calls).toEqual([["file:///points.mjs"]]);
    expect(registry.findByName("PointContainer").fromPayload(payload)).toBeInstanceOf(Point);
  });

  test("that is being imported for one batch is waited for by the next", async () => {
    let finish: () => void = () => undefined;
    const { registry, importModule, imports } = setUp(async (registry) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return registering(registry);
    });
    const [first, second] = [imports.forPayloads([[payload]]), imports.forPayloads([[payload]]).then(() => registry.findByName("PointContainer").name)];
    finish();
    await first;
    expect(await second).toBe("PointContainer");
    expect(importModule).toHaveBeenCalledTimes(1);
  });

  test("may register by itself when it is imported", async () => {
    const { registry, imports } = setUp((registry) => {
      registering(registry).register();
      return {};
    });
    await imports.forPayloads([[payload]]);
    expect(registry.containerOf(new Point()).name).toBe("PointContainer");
  });

  test("is imported for a result of a class that nothing here takes, and for no other", async () => {
    const { registry, importModule, imports } = setUp(registering);
    for (const result of [undefined, null, 1, "a", [new Point()], { x: 1 }, Object.create(null), new Float32Array(1)]) await imports.forResult(result);
    expect(importModule).not.toHaveBeenCalled();
    await imports.forResult(new Point());
    expect(importModule).toHaveBeenCalledTimes(1);
    expect(registry.containerOf(new Point())).not.toBe(defaultContainer);
  });

  test("that registers nothing, or does not load, is named together with its container", async () => {
    const { imports } = setUp(() => ({}));
    await expect(imports.forPayloads([[payload]])).rejects.toThrow(NotFoundError);
    await expect(imports.forPayloads([[payload]])).rejects.toThrow(/Container "PointContainer" cannot be had in a worker from file:\/\/\/points\.mjs: No container.*export a function register\(\)/);
    const broken = setUp(() => {
      throw new Error("syntax error.");
    });
    await expect(broken.imports.forPayloads([[payload]])).rejects.toThrow(/points\.mjs: syntax error\./);
  });

  test("that fails for a result is warned about once: another module may have the container", async () => {
    const { imports, importModule } = setUp(() => ({}));
    const warning = new Promise<Error>((resolve) => process.once("warning", resolve));
    for (let time = 0; time < 2; time++) await imports.forResult(new Point());
    expect(importModule).toHaveBeenCalledTimes(1);
    expect(await warning).toMatchObject({ name: "BentoMLWarning", code: "BENTOML_CONTAINER_MODULE", message: expect.stringContaining("PointContainer") });
  });
});
