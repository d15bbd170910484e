import { readFileSync, readdirSync } from "node:fs";

/** A child of a process, by what ps shows of it. */
export interface ChildOf {
  readonly pid: number;
  readonly title: string;
}

/** The children of a process, where the system shows them (Linux). */
export function childrenOf(pid: number): readonly ChildOf[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)
    .map((child) => ({ pid: child, title: titleOf(child) }));
}

/** Whether the process is there; one that has ended and was not asked for its code does not count. */
export function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}

function parentOf(pid: number): number | undefined {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
