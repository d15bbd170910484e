import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Where a process runs and which one it is. Process ids mean something only within one `machine`. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, so that a reused id is noticed: kernel ticks on Linux, `0` where that cannot be read. */
  readonly start: string;
  /** Host, boot and container: the same for processes that see each other's ids. */
  readonly machine: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) ?? "0", machine: machineIdentity() };
}

/** True, false, or `undefined` when the process belongs to another machine or container and nobody here can tell. */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  if (identity.machine !== machineIdentity()) return undefined;
  const start = startOf(identity.pid);
  if (start !== undefined && identity.start !== "0" && start !== identity.start) return false;
  try {
    process.kill(identity.pid, 0);
    return true;
  } catch (error) {
    // Not permitted to signal it: then it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name of the command, in brackets, may hold spaces: count the fields behind it. The start is field 22.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function machineIdentity(): string {
  const parts = [hostname(), optional(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1")), optional(() => readlinkSync("/proc/self/ns/pid"))];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);
}

function optional(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
