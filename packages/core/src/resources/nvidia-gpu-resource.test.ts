import { expect, test } from "vitest";
import { FakeMachine, gpuFiles } from "./fake-machine.testing.js";
import { nvidiaGpuResource } from "./nvidia-gpu-resource.js";

const gpu = nvidiaGpuResource({ fileSystemRoot: "/nowhere", platform: "linux" });

test.each<[unknown, number[]]>([
  [1, [0]],
  ["5", [0, 1, 2, 3, 4]],
  [2, [0, 1]],
  ["3", [0, 1, 2]],
  [0, []],
  [[1, 3], [1, 3]],
  [["1", "3"], [1, 3]],
  [-1, []],
  ["-1", []],
  [[], []],
])("%j is the GPUs %j, as in the Python original", (spec, indices) => {
  expect(gpu.fromSpec(spec)).toEqual(indices);
});

test.each([["[1, 2, 3]"], ["100m"], [-2], ["-2"], [1.5], [[1.5]], [["x"]], [{}], [null], [true], [1e9]])("%j is refused with what is allowed", (spec) => {
  expect(() => gpu.fromSpec(spec)).toThrow(/^nvidia\.com\/gpu is .*number of GPUs \(-1 is none\).*\[0, 2\].*"system"/);
});

test("the machine's GPUs are those in the driver's folder", () => {
  using machine = new FakeMachine(gpuFiles(3));
  const there = nvidiaGpuResource({ fileSystemRoot: machine.root });
  expect(there.fromSystem()).toEqual([0, 1, 2]);
  expect(() => there.validate([0, 2])).not.toThrow();
  expect(() => there.validate([3])).toThrow(/asks for GPU 3, but there are only those from 0 to 2/);
});

test.each([[[-1]], [[-2]], [[1]]])("%j is refused where there is no GPU", (indices) => {
  expect(() => gpu.validate(indices)).toThrow(/but there is none/);
});

test("none is always there", () => {
  expect(gpu.fromSystem()).toEqual([]);
  expect(() => gpu.validate([])).not.toThrow();
});

test("Windows is asked by the driver's command; no command is no GPU", () => {
  const windows = { fileSystemRoot: "/nowhere", platform: "win32" } as const;
  expect(nvidiaGpuResource({ ...windows, listGpus: () => "0\r\n1\r\n" }).fromSystem()).toEqual([0, 1]);
  const missing = (): string => {
    throw new Error("spawn nvidia-smi ENOENT");
  };
  expect(nvidiaGpuResource({ ...windows, listGpus: missing }).fromSystem()).toEqual([]);
});

test("Linux inside Windows is asked in the same way", () => {
  using machine = new FakeMachine({ "dev/dxg": "" });
  expect(nvidiaGpuResource({ fileSystemRoot: machine.root, platform: "linux", listGpus: () => "0\n" }).fromSystem()).toEqual([0]);
});
