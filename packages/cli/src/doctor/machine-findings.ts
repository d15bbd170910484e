import { totalmem } from "node:os";
import { systemResources } from "bentoml-core";
import { byteSize } from "../models/byte-size.js";
import type { Finding } from "./finding.js";

/** What the findings of a machine follow from. Tests give their own. */
export interface MachineFacts {
  /** Without the "v". */
  readonly nodeVersion: string;
  /** Of Node's native interface: `process.versions.modules`. */
  readonly nodeAbi: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Undefined for a libc that is not glibc, and off Linux. */
  readonly glibcVersion: string | undefined;
  readonly memoryBytes: number;
  /** Of the control group; undefined for none. */
  readonly memoryLimitBytes: number | undefined;
  /** What a runner may use, by kind. */
  readonly resources: Readonly<Record<string, unknown>>;
}

/** Versions of Node.js with long-term support, and the next one; of each the first that is new enough. */
const SUPPORTED_NODES: Readonly<Record<string, number>> = { "20": 19, "22": 0, "24": 0, "26": 0 };
const OLDEST_NODE = 20;
/** A process with one small model needs about half of it. */
const LEAST_MEMORY_BYTES = 512 * 1024 * 1024;

export function factsOfThisMachine(): MachineFacts {
  const { versions, platform, arch } = process;
  const memoryBytes = totalmem();
  const limit = process.constrainedMemory();
  return {
    nodeVersion: versions.node,
    nodeAbi: versions.modules,
    platform,
    arch,
    glibcVersion: glibcVersion(),
    memoryBytes,
    // No limit is 0, or more than there is.
    memoryLimitBytes: limit > 0 && limit < memoryBytes ? limit : undefined,
    resources: systemResources(),
  };
}

/** Node's runtime, the system, its cores and memory. */
export function machineFindings(facts: MachineFacts): Finding[] {
  return [nodeFinding(facts), systemFinding(facts), resourcesFinding(facts)];
}

function nodeFinding({ nodeVersion, nodeAbi }: MachineFacts): Finding {
  const [major = "", minor = ""] = nodeVersion.split(".");
  const text = `Node.js ${nodeVersion} (native interface ${nodeAbi})`;
  const leastMinor = SUPPORTED_NODES[major];
  if (leastMinor !== undefined && Number(minor) >= leastMinor) return { area: "machine", level: "ok", text };
  const isTooOld = Number(major) < OLDEST_NODE || leastMinor !== undefined;
  const cure = "Install Node.js 20.19 or later, 22, 24 or 26.";
  return isTooOld ? { area: "machine", level: "error", text: `${text} is too old`, cure } : { area: "machine", level: "warning", text: `${text} is not one of those that are tested`, cure };
}

function systemFinding({ platform, arch, glibcVersion: glibc }: MachineFacts): Finding {
  if (platform === "linux" && glibc !== undefined) return { area: "machine", level: "ok", text: `Linux, ${arch}, glibc ${glibc}` };
  if (platform === "linux") {
    return {
      area: "machine",
      level: "warning",
      text: `Linux, ${arch}, without glibc (Alpine's musl, it seems): onnxruntime-node and @tensorflow/tfjs-node have no builds for it`,
      cure: "Use a system or image with glibc, such as node:22-slim.",
    };
  }
  return { area: "machine", level: "warning", text: `${platform}, ${arch}: bentoml is tested on Linux only`, cure: "Try it; for production take Linux with glibc." };
}

function resourcesFinding({ memoryBytes, memoryLimitBytes, resources }: MachineFacts): Finding {
  const memory = memoryLimitBytes === undefined ? byteSize(memoryBytes) : `${byteSize(memoryLimitBytes)} of ${byteSize(memoryBytes)} (limit of the control group)`;
  const gpus = resources["nvidia.com/gpu"];
  const gpuText = Array.isArray(gpus) && gpus.length > 0 ? `; ${String(gpus.length)} NVIDIA GPU${gpus.length === 1 ? "" : "s"}` : "";
  const text = `${String(resources["cpu"])} cores; ${memory} memory${gpuText}`;
  if ((memoryLimitBytes ?? memoryBytes) >= LEAST_MEMORY_BYTES) return { area: "machine", level: "ok", text };
  return { area: "machine", level: "warning", text: `${text}: little for a process with models`, cure: "Give it 512 MiB or more, or serve fewer models with --workers 1." };
}

function glibcVersion(): string | undefined {
  if (process.platform !== "linux") return undefined;
  // Looking up the names of network addresses takes time, and the report has no other use here.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const report = process.report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}
