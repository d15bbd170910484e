import { existsSync, readdirSync } from "node:fs";
import { expect } from "vitest";

/** What Node keeps open for us: connections, servers, pipes, children, threads, ports; timers are not counted, which come and go. */
const OURS = /TCP|Pipe|TLS|HTTP|Process|Worker|MessagePort/i;

/** What this process has open. */
export interface OpenResources {
  readonly resources: number;
  /** 0 where the system does not tell. */
  readonly descriptors: number;
}

export function openResources(): OpenResources {
  return { resources: process.getActiveResourcesInfo().filter((resource) => OURS.test(resource)).length, descriptors: openDescriptors() };
}

/** Files, pipes and sockets that a process has open; 0 where the system does not tell. */
export function openDescriptors(pid: number | "self" = "self"): number {
  const folder = `/proc/${String(pid)}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

/** Waits until nothing more is open than before. */
export async function expectNothingLeft(before: OpenResources): Promise<void> {
  await expect.poll(() => openResources().resources, { timeout: 20_000 }).toBeLessThanOrEqual(before.resources);
  await expect.poll(() => openResources().descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before.descriptors);
}
