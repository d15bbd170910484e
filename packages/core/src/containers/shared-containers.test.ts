import { expect, test, vi } from "vitest";
import { DataContainerBase, defaultRegistry, registerContainer, type JoinedBatch, type Payload } from "./index.js";

/** Another copy of this package. */
async function anotherCopy(): Promise<typeof import("./index.js")> {
  vi.resetModules();
  return import("./index.js");
}

class Mark {
  readonly isMark = true;
}

class MarkContainer extends DataContainerBase<Mark> {
  readonly name: string = "MarkContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(batches: readonly Mark[]): JoinedBatch<Mark> {
    return { batch: new Mark(), indices: [0, batches.length] };
  }

  batchToBatches(batch: Mark): Mark[] {
    return [batch];
  }

  toPayload(): Payload {
    return { container: this.name, meta: {}, batchSize: 1, buffers: [] };
  }

  fromPayload(): Mark {
    return new Mark();
  }
}

test("a container that was registered through one copy serves the others, by value, name and module", async () => {
  const other = await anotherCopy();
  expect(other.defaultRegistry).not.toBe(defaultRegistry);
  const container = new MarkContainer();
  expect(other.defaultRegistry.containerOf(new Mark())).toBe(other.defaultRegistry.fallback);
  registerContainer(Mark, Mark, container, { module: import.meta.url });
  expect(other.defaultRegistry.containerOf(new Mark())).toBe(container);
  expect(other.defaultRegistry.findByName("MarkContainer")).toBe(container);
  expect(other.defaultRegistry.modules).toContainEqual({ container: "MarkContainer", module: import.meta.url });
  expect(() => other.registerContainer(Mark, Mark, container)).not.toThrow();
  expect(() => other.registerContainer(Date, Mark, new MarkContainer())).toThrow('A second container called "MarkContainer" cannot be registered');
});

test("each copy has its own built-in containers, and takes the values of the others with them", async () => {
  const other = await anotherCopy();
  expect(other.defaultRegistry.fallback).not.toBe(defaultRegistry.fallback);
  expect(other.defaultRegistry.findByName("NdArrayContainer")).toBe(other.ndArrayContainer);
  expect(defaultRegistry.containerOf(other.kwargs({ x: 1 }))).toBe(defaultRegistry.findByName("ParamsContainer"));
});

test("another registry shares nothing", async () => {
  const { builtInRegistry } = await anotherCopy();
  const [first, second] = [builtInRegistry(), builtInRegistry()];
  class Own {
    readonly isOwn = true;
  }
  class OwnContainer extends MarkContainer {
    override readonly name = "OwnContainer";
  }
  first.registerContainer(Own, Own, new OwnContainer());
  expect(first.containerOf(new Own()).name).toBe("OwnContainer");
  expect(second.containerOf(new Own())).toBe(second.fallback);
});
