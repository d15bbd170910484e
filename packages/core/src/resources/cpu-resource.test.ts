import { expect, test } from "vitest";
import { cgroupCpuLimit } from "./cgroup-cpu-limit.js";
import { cpuResource } from "./cpu-resource.js";
import { FakeMachine } from "./fake-machine.testing.js";

const cpu = cpuResource({ cores: () => 4, fileSystemRoot: "/nowhere" });

test.each([
  ["100m", 0.1],
  ["1500m", 1.5],
  [0.3, 0.3],
  [1, 1],
  ["5", 5],
  ["2.5", 2.5],
])("%j is %d cores, as in the Python original", (spec, cores) => {
  expect(cpu.fromSpec(spec)).toBeCloseTo(cores, 12);
});

test.each([["10mxyz"], ["x10m"], ["-100m"], ["many"], [""], [" "], ["1e999"], [[1]], [{}], [true], [Number.NaN], [Infinity]])("%j is refused with what is allowed", (spec) => {
  expect(() => cpu.fromSpec(spec)).toThrow(/^cpu is .*must be a number of cores.*"500m".*"system"/);
});

test.each([0, 0.1, 1, 4])("%d of 4 cores can be given", (cores) => {
  expect(() => cpu.validate(cores)).not.toThrow();
});

test("less than nothing and more than there is are refused, but not a difference in the last bits", () => {
  expect(() => cpu.validate(-1)).toThrow(/cpu is -1; it must be 0 or more/);
  expect(() => cpu.validate(5)).toThrow(/cpu is 5, but there are only 4 cores/);
  expect(() => cpuResource({ cores: () => 0.3, fileSystemRoot: "/nowhere" }).validate(0.1 + 0.2)).not.toThrow();
});

const OWN_GROUP_V2 = { "proc/self/cgroup": "0::/user.slice/job\n" };

test.each<[string, Record<string, string>, number | undefined]>([
  ["version 2 in a container", { "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n" }, 1.5],
  ["version 2 without a limit", { "sys/fs/cgroup/cpu.max": "max 100000\n" }, undefined],
  ["version 2, a limit of the own group", { ...OWN_GROUP_V2, "sys/fs/cgroup/user.slice/job/cpu.max": "50000 100000\n" }, 0.5],
  [
    "version 2, the least limit on the way up",
    { ...OWN_GROUP_V2, "sys/fs/cgroup/user.slice/job/cpu.max": "400000 100000\n", "sys/fs/cgroup/user.slice/cpu.max": "200000 100000\n" },
    2,
  ],
  ["version 1 in a container", { "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "250000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n" }, 2.5],
  ["version 1 without a limit", { "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n" }, undefined],
  [
    "version 1, where the group's path is the host's",
    {
      "proc/self/cgroup": "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "50000",
    },
    2,
  ],
  ["a quota of 0", { "sys/fs/cgroup/cpu.max": "0 100000\n" }, 1],
  ["something else in the file", { "sys/fs/cgroup/cpu.max": "\n" }, undefined],
  ["no control groups", {}, undefined],
])("the limit of %s", (_name, files, limit) => {
  using machine = new FakeMachine(files);
  expect(cgroupCpuLimit(machine.root)).toBe(limit);
});

test("the machine has the least of its cores and the limit", () => {
  using machine = new FakeMachine({ "sys/fs/cgroup/cpu.max": "150000 100000" });
  expect(cpuResource({ cores: () => 8, fileSystemRoot: machine.root }).fromSystem()).toBe(1.5);
  expect(cpuResource({ cores: () => 1, fileSystemRoot: machine.root }).fromSystem()).toBe(1);
});
