import { expect, test } from "vitest";
import { runFuzz } from "./run-fuzz.js";

const executions = 100_000;

test(`${executions} broken messages are read or refused with a reason, and nothing else`, { timeout: 120_000 }, () => {
  const reports = runFuzz(executions, 1);
  // Mutations that never get through, or always, would test nothing.
  for (const [name, { read, refused }] of reports) {
    expect(read + refused, name).toBeGreaterThan(executions / reports.size - 1);
    expect(read, name).toBeGreaterThan(100);
    expect(refused, name).toBeGreaterThan(1000);
  }
});
