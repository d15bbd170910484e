import { expect, test } from "vitest";
import { InvalidArgumentError, NotFoundError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import {
  builtInRegistry,
  DataContainerBase,
  defaultContainer,
  defaultRegistry,
  kwargs,
  namedTensorsContainer,
  ndArrayContainer,
  registerContainer,
  type DataContainer,
  type LazyType,
  type Payload,
} from "./index.js";

class NamedContainer extends DataContainerBase {
  constructor(readonly name: string) {
    super();
  }
  getBatchSize = (): number => 1;
  batchesToBatch = (): never => {
    throw new Error("not used");
  };
  batchToBatches = (): never => {
    throw new Error("not used");
  };
  toPayload = (): Payload => ({ container: this.name, meta: {}, batchSize: 1, buffers: [] });
  fromPayload = (): undefined => undefined;
}

class Animal {
  readonly legs = 4;
}
class Dog extends Animal {}
class Puppy extends Dog {}

const payload: Payload = { container: "DefaultContainer", meta: {}, batchSize: 1, buffers: [] };

function lazy(name: string, is: (value: unknown) => boolean): LazyType {
  return { module: "some-package", name, is };
}

test.each<[string, unknown, DataContainer]>([
  ["an NdArray", NdArray.from([1]), ndArrayContainer],
  ["an NdArray of another copy", { [Symbol.for("bentoml.NdArray")]: 1 }, ndArrayContainer],
  ["a typed array", Float32Array.of(1), ndArrayContainer],
  ["a Buffer", Buffer.from("a"), ndArrayContainer],
  ["a record of NdArrays", { x: NdArray.from([1]) }, namedTensorsContainer],
  ["a record of mixed values", { x: NdArray.from([1]), y: 1 }, defaultContainer],
  ["an empty record", {}, defaultContainer],
  ["a list of NdArrays", [NdArray.from([1])], defaultContainer],
  ["a DataView", new DataView(new ArrayBuffer(1)), defaultContainer],
  ["text", "abc", defaultContainer],
  ["a record with more than a payload has", { ...payload, more: 1 }, defaultContainer],
  ["a record with less", { container: "A", meta: {}, batchSize: 1 }, defaultContainer],
  ["a record whose buffers are no bytes", { ...payload, buffers: ["a"] }, defaultContainer],
  ["nothing", undefined, defaultContainer],
  ["null", null, defaultContainer],
])("%s has its built-in container", (_what, value, container) => {
  expect(defaultRegistry.containerOf(value)).toBe(container);
  expect(defaultRegistry.findBySingleType(value)).toBe(container);
  expect(defaultRegistry.findByName(container.name)).toBe(container);
});

test.each<[string, unknown, string]>([
  ["a payload", payload, "PayloadContainer"],
  ["the arguments of a call", kwargs({ x: 1 }), "ParamsContainer"],
  ["those of another copy", { [Symbol.for("bentoml.Params")]: 1 }, "ParamsContainer"],
])("%s has its built-in container", (_what, value, name) => {
  expect(defaultRegistry.containerOf(value).name).toBe(name);
  expect(defaultRegistry.findByName(name)).toBe(defaultRegistry.findBySingleType(value));
});

test("look-up goes by exact class, then the classes it extends, then lazy types in order, then the default", () => {
  const registry = builtInRegistry();
  const [animals, dogs, first, second] = ["Animals", "Dogs", "First", "Second"].map((name) => new NamedContainer(name));
  const symbols = lazy("A", (value) => typeof value === "symbol");
  const symbolsAndStrings = lazy("B", (value) => typeof value === "symbol" || typeof value === "string");
  registry.registerContainer(symbols, symbols, first!);
  registry.registerContainer(symbolsAndStrings, symbolsAndStrings, second!);
  registry.registerContainer(Animal, Animal, animals!);
  registry.registerContainer(Dog, Dog, dogs!);
  expect(registry.containerOf(new Animal())).toBe(animals);
  expect(registry.containerOf(new Dog())).toBe(dogs);
  expect(registry.containerOf(new Puppy())).toBe(dogs);
  expect(registry.containerOf(Symbol("s"))).toBe(first);
  expect(registry.containerOf("text")).toBe(second);
  expect(registry.containerOf(5)).toBe(defaultContainer);
});

test("single and batch types are looked up apart", () => {
  const registry = builtInRegistry();
  const container = new NamedContainer("Puppies");
  registry.registerContainer(Puppy, Dog, container);
  expect(registry.findBySingleType(new Puppy())).toBe(container);
  expect(registry.findBySingleType(new Dog())).toBe(defaultContainer);
  expect(registry.findByBatchType(new Dog())).toBe(container);
  expect(registry.findByBatchType(new Animal())).toBe(defaultContainer);
});

test("D6: a value that only a single type matches is served by its own container, not as one plain value", () => {
  const registry = builtInRegistry();
  const kennels = new NamedContainer("Kennels");
  registry.registerContainer(Puppy, Animal, kennels);
  class Series {
    readonly values = [1, 2];
  }
  class Table {
    readonly rows = [[1], [2]];
  }
  const tables = new NamedContainer("Tables");
  registry.registerContainer(Series, Table, tables);
  expect(registry.findByBatchType(new Series())).toBe(defaultContainer);
  expect(registry.containerOf(new Series())).toBe(tables);
  expect(registry.containerOf(new Table())).toBe(tables);
  expect(registry.containerOf(new Puppy())).toBe(kennels);
});

test("registrations with a module are listed once, in order, for workers", () => {
  const registry = builtInRegistry();
  const [dogs, cats] = ["Dogs", "Cats"].map((name) => new NamedContainer(name));
  registry.registerContainer(Animal, Animal, new NamedContainer("Animals"));
  for (let time = 0; time < 2; time++) {
    registry.registerContainer(Dog, Dog, dogs!, { module: "file:///dogs.mjs" });
    registry.registerContainer(lazy("Cat", () => false), lazy("Cat", () => false), cats!, { module: import.meta.url });
  }
  expect(registry.modules).toEqual([
    { container: "Dogs", module: "file:///dogs.mjs" },
    { container: "Cats", module: import.meta.url },
  ]);
  for (const module of ["./dogs.mjs", "https://example.org/dogs.mjs", ""]) {
    expect(() => registry.registerContainer(Puppy, Puppy, new NamedContainer("Puppies"), { module })).toThrow(
      /module of container "Puppies" must be a file URL, not .* pass import\.meta\.url/,
    );
  }
});

test("registering again changes nothing", () => {
  const registry = builtInRegistry();
  const container = new NamedContainer("Dogs");
  let looks = 0;
  const strings = lazy("S", (value) => {
    looks++;
    return value === "dog";
  });
  for (let time = 0; time < 2; time++) {
    registry.registerContainer(Dog, Dog, container);
    registry.registerContainer(strings, lazy("S", () => false), container);
  }
  expect(registry.containerOf(new Dog())).toBe(container);
  expect(registry.findBySingleType("dog")).toBe(container);
  looks = 0;
  registry.findBySingleType("cat");
  expect(looks).toBe(1);
});

test("a second container of one name, or for one type, is refused and leaves all as it was", () => {
  const registry = builtInRegistry();
  const dogs = new NamedContainer("Dogs");
  registry.registerContainer(Dog, Dog, dogs);
  const namesake = new NamedContainer("Dogs");
  const rival = new NamedContainer("Rivals");
  expect(() => registry.registerContainer(Puppy, Puppy, namesake)).toThrow(InvalidArgumentError);
  expect(() => registry.registerContainer(Puppy, Puppy, namesake)).toThrow(/second container called "Dogs"/);
  expect(() => registry.registerContainer(Dog, Dog, rival)).toThrow(/Class Dog already has the container "Dogs" and cannot get "Rivals"/);
  expect(() => registry.registerContainer(Puppy, Dog, rival)).toThrow(/Class Dog already/);
  expect(registry.findBySingleType(new Puppy())).toBe(dogs);
  expect(() => registry.findByName("Rivals")).toThrow(NotFoundError);
  expect(() => registry.registerContainer(Animal, Animal, new NamedContainer("DefaultContainer"))).toThrow(/second container called "DefaultContainer"/);
});

test("names that cannot travel in a header are refused", () => {
  for (const name of ["", "a b", "é", "a/b", "1a", "a\r\nb", undefined as unknown as string]) {
    expect(() => builtInRegistry().registerContainer(Dog, Dog, new NamedContainer(name))).toThrow(/must be a letter followed by/);
  }
});

test("names that mean something else in a content type are refused", () => {
  for (const name of ["frame", "error", "Multiple_Outputs", "stream_outputs"]) {
    expect(() => builtInRegistry().registerContainer(Dog, Dog, new NamedContainer(name))).toThrow(/wire format has another use/);
  }
});

test("an unknown name says what is known and what to import", () => {
  expect(() => defaultRegistry.findByName("OrtTensorContainer")).toThrow(
    /No container is called "OrtTensorContainer"; known are DefaultContainer, NdArrayContainer, NamedTensorsContainer, ParamsContainer, PayloadContainer.*its register\(\) was called/,
  );
  expect(() => defaultRegistry.findByName("__proto__")).toThrow(NotFoundError);
});

test("registerContainer fills the default registry", () => {
  class OnlyHere {
    readonly here = true;
  }
  const container = new NamedContainer("OnlyHereContainer");
  registerContainer(OnlyHere, OnlyHere, container);
  expect(defaultRegistry.containerOf(new OnlyHere())).toBe(container);
  expect(builtInRegistry().containerOf(new OnlyHere())).toBe(defaultContainer);
});
