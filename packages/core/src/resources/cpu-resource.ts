import { availableParallelism } from "node:os";
import { configurationError, shown } from "../configuration/index.js";
import { cgroupCpuLimit } from "./cgroup-cpu-limit.js";
import type { Resource } from "./resource.js";
import { CPU } from "./resource-names.js";

const MILLICORES = /^\d+m$/;
const PER_CORE = 1000;
/** A share of a core that is given twice, once as 0.1 and once as 100m, must not be refused for its last bits. */
const CLOSE = 1e-9;

/** Where the numbers of a machine come from; tests give others. */
export interface CpuSource {
  /** Cores that the operating system lets this process use. */
  readonly cores?: () => number;
  /** Folder in which `proc` and `sys` stand. */
  readonly fileSystemRoot?: string;
}

/**
 * Cores: a number (`3.5`), its text (`"3.5"`), or thousandths of a core (`"100m"`). The machine's are those that the operating
 * system lets the process use, or the limit of its control group where that is less.
 */
export function cpuResource({ cores = availableParallelism, fileSystemRoot = "/" }: CpuSource = {}): Resource<number> {
  const fromSystem = (): number => Math.min(cores(), cgroupCpuLimit(fileSystemRoot) ?? Infinity);
  return {
    resourceId: CPU,
    fromSpec: coresOf,
    fromSystem,
    validate(value: number): void {
      if (value < 0) throw configurationError(`cpu is ${value}; it must be 0 or more cores.`);
      const system = fromSystem();
      if (value > system * (1 + CLOSE)) throw configurationError(`cpu is ${value}, but there are only ${system} cores for this process.`);
    },
  };
}

function coresOf(spec: unknown): number {
  if (typeof spec === "number" && Number.isFinite(spec)) return spec;
  if (typeof spec === "string") {
    const text = spec.trim();
    if (MILLICORES.test(text)) return Number(text.slice(0, -1)) / PER_CORE;
    if (text !== "" && Number.isFinite(Number(text))) return Number(text);
  }
  throw configurationError(`cpu is ${shown(spec)}; it must be a number of cores such as 2 or 0.5, thousandths such as "500m", or "system".`);
}
