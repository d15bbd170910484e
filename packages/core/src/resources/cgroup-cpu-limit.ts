import { readFileSync } from "node:fs";
import { posix } from "node:path";

/**
 * Cores that Linux control groups let this process use, or undefined without a limit. Both versions: `cpu.max` ("quota period"
 * or "max period") of version 2, `cpu.cfs_quota_us` and `cpu.cfs_period_us` of version 1 (-1 is no limit). The least limit of the
 * process's own group and those above it counts. A quota of 0, which is no use to anybody, is taken for one core.
 */
export function cgroupCpuLimit(root: string): number | undefined {
  const groups = readText(root, "proc/self/cgroup") ?? "";
  const limits = groups.split("\n").flatMap((line) => limitsOf(root, line));
  return least(limits.length > 0 ? limits : [...limitsUpward(root, V2, "/"), ...limitsUpward(root, V1, "/")]);
}

/** A version's folder, and how one of its groups says its limit. */
interface Hierarchy {
  readonly folders: readonly string[];
  readonly limitIn: (root: string, group: string) => number | undefined;
}

const V2: Hierarchy = {
  folders: ["sys/fs/cgroup"],
  limitIn(root, group) {
    const [quota, period] = (readText(root, `${group}/cpu.max`) ?? "").trim().split(/\s+/);
    return cores(quota, period);
  },
};

const V1: Hierarchy = {
  folders: ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"],
  limitIn: (root, group) => cores(readText(root, `${group}/cpu.cfs_quota_us`), readText(root, `${group}/cpu.cfs_period_us`)),
};

/** A line of `/proc/self/cgroup` is `number:controllers:path`; version 2 has no controllers. */
function limitsOf(root: string, line: string): number[] {
  const [, controllers, ...path] = line.split(":");
  if (controllers === undefined) return [];
  const group = path.join(":");
  if (controllers === "") return limitsUpward(root, V2, group);
  return controllers.split(",").includes("cpu") ? limitsUpward(root, V1, group) : [];
}

/**
 * The group's own limit and those above it. Inside a container the path may be the host's, which does not exist here; then only
 * the topmost group is found, and that is the container's own.
 */
function limitsUpward(root: string, { folders, limitIn }: Hierarchy, path: string): number[] {
  const limits: number[] = [];
  for (let group = posix.join("/", path); ; group = posix.dirname(group)) {
    for (const folder of folders) {
      const limit = limitIn(root, posix.join(folder, group));
      if (limit !== undefined) limits.push(limit);
    }
    if (group === "/") return limits;
  }
}

function cores(quotaText: string | undefined, periodText: string | undefined): number | undefined {
  const quota = Number(quotaText?.trim() || Number.NaN);
  const period = Number(periodText?.trim() || Number.NaN);
  if (!(quota >= 0) || !(period > 0)) return undefined;
  return quota === 0 ? 1 : quota / period;
}

function least(limits: readonly number[]): number | undefined {
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function readText(root: string, path: string): string | undefined {
  try {
    return readFileSync(posix.join(root, path), "utf8");
  } catch {
    return undefined;
  }
}
