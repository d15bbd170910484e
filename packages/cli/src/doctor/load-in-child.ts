import { spawn } from "node:child_process";

/** What became of an attempt to load a module. */
export type LoadOutcome =
  | { readonly kind: "loaded" }
  /** The module threw this. */
  | { readonly kind: "failed"; readonly message: string }
  /** It took its process down with it. */
  | { readonly kind: "crashed"; readonly signal: string };

/** Loads a module that a stranger's package may have built for another machine. Tests give their own. */
export type LoadModule = (entryUrl: string) => Promise<LoadOutcome>;

/** Longest time that loading may take, ms: the largest native part, of 400 MB, takes a few seconds from a cold disk. */
const LONGEST_MS = 60_000;
/** The two functions are what tfjs-node uses of Node's `util`, and what Node 23 has taken away. */
const PROGRAM = `
import util from "node:util";
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
try {
  await import(process.argv[1]);
} catch (error) {
  process.stderr.write("\\0" + (error instanceof Error ? error.message : String(error)));
  process.exit(1);
}
process.exit(0);
`;

/** In a process of its own: a native part that crashes takes nobody with it. */
export const loadInChild: LoadModule = (entryUrl) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM, entryUrl], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: "" },
      timeout: LONGEST_MS,
      killSignal: "SIGKILL",
    });
    let written = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (written = (written + text).slice(-10_000)));
    child.once("error", (error) => resolve({ kind: "failed", message: error.message }));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve({ kind: "loaded" });
      const message = written.split("\0")[1];
      if (code === 1 && message !== undefined) return resolve({ kind: "failed", message });
      resolve({ kind: "crashed", signal: signal ?? `exit code ${String(code)}` });
    });
  });
