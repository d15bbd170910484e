import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where the driver is looked for; tests give other places. */
export interface NvidiaSource {
  readonly fileSystemRoot?: string;
  readonly platform?: NodeJS.Platform;
  /** What `nvidia-smi` prints, one line a GPU. Throws when there is no such command. */
  readonly listGpus?: () => string;
}

/** A driver that hangs must not hang us. */
const LONGEST_LIST_MS = 10_000;

/** Asking the command takes up to a second, and GPUs do not come and go. */
let countedByCommand: number | undefined;

/**
 * How many NVIDIA GPUs the driver shows to this process, without native code: on Linux the driver's own folder has an entry for
 * each. Windows, and Linux inside Windows, have no such folder: there the driver's command `nvidia-smi` is asked, once.
 */
export function countNvidiaGpus({ fileSystemRoot = "/", platform = process.platform, listGpus }: NvidiaSource = {}): number {
  const entries = entriesOf(join(fileSystemRoot, "proc/driver/nvidia/gpus"));
  if (entries !== undefined) return entries.length;
  const isWindows = platform === "win32" || (platform === "linux" && existsSync(join(fileSystemRoot, "dev/dxg")));
  if (!isWindows) return 0;
  if (listGpus !== undefined) return countLines(listGpus);
  countedByCommand ??= countLines(askCommand);
  return countedByCommand;
}

function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

function countLines(list: () => string): number {
  try {
    return list()
      .split("\n")
      .filter((line) => /^\d+\s*$/.test(line)).length;
  } catch {
    return 0;
  }
}

function askCommand(): string {
  return execFileSync("nvidia-smi", ["--query-gpu=index", "--format=csv,noheader"], {
    encoding: "utf8",
    timeout: LONGEST_LIST_MS,
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
}
