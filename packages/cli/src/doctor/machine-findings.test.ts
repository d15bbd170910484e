import { expect, test } from "vitest";
import { factsOfThisMachine, machineFindings, type MachineFacts } from "./machine-findings.js";

const good: MachineFacts = {
  nodeVersion: "22.11.0",
  nodeAbi: "127",
  platform: "linux",
  arch: "x64",
  glibcVersion: "2.36",
  memoryBytes: 8 * 1024 ** 3,
  memoryLimitBytes: undefined,
  resources: { cpu: 4, "nvidia.com/gpu": [] },
};

function levels(facts: Partial<MachineFacts>): string[] {
  return machineFindings({ ...good, ...facts }).map(({ level }) => level);
}

test("a good machine is described, and every problem has its cure", () => {
  expect(machineFindings(good)).toEqual([
    { area: "machine", level: "ok", text: "Node.js 22.11.0 (native interface 127)" },
    { area: "machine", level: "ok", text: "Linux, x64, glibc 2.36" },
    { area: "machine", level: "ok", text: "4 cores; 8.00 GiB memory" },
  ]);
  for (const { level, cure } of machineFindings({ ...good, nodeVersion: "18.20.0", glibcVersion: undefined, memoryLimitBytes: 1024 ** 2 })) {
    expect([level, cure]).not.toContain("ok");
    expect(cure).toBeTypeOf("string");
  }
});

test.each([
  ["20.19.0", "ok"],
  ["20.18.9", "error"],
  ["18.20.4", "error"],
  ["21.7.0", "warning"],
  ["24.0.0", "ok"],
  ["26.1.0", "ok"],
  ["27.0.0", "warning"],
])("Node.js %s is %s", (nodeVersion, level) => {
  expect(levels({ nodeVersion })[0]).toBe(level);
});

test("other systems are warned of, musl by name", () => {
  expect(levels({ platform: "darwin", glibcVersion: undefined })[1]).toBe("warning");
  const [, musl] = machineFindings({ ...good, glibcVersion: undefined });
  expect(musl).toMatchObject({ level: "warning", text: expect.stringContaining("musl"), cure: expect.stringContaining("glibc") });
});

test("the limit of a control group counts, and GPUs are told", () => {
  const [, , resources] = machineFindings({ ...good, memoryLimitBytes: 256 * 1024 ** 2, resources: { cpu: 0.5, "nvidia.com/gpu": [0] } });
  expect(resources).toMatchObject({ level: "warning", text: "0.5 cores; 256.00 MiB of 8.00 GiB (limit of the control group) memory; 1 NVIDIA GPU: little for a process with models" });
});

test("this machine has facts", () => {
  const facts = factsOfThisMachine();
  expect(facts).toMatchObject({ nodeVersion: process.versions.node, platform: process.platform });
  expect(facts.memoryBytes).toBeGreaterThan(1024 ** 2);
});
