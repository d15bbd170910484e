import { createInterface } from "node:readline/promises";

/** Where text is written to, such as `process.stdout`. */
export interface OutputStream {
  /** Writes the text; false when it wants no more until "drain". */
  write(text: string): unknown;
  /** True for a terminal: only then there are colours. */
  readonly isTTY?: boolean | undefined;
  /** How a stream whose `write` gave false tells that it wants more. */
  once?(event: "drain", listener: () => void): unknown;
}

/** Signals that end `bentoml serve`. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The world around a command. Tests give their own. */
export interface CliContext {
  /** For results. */
  readonly stdout: OutputStream;
  /** For errors and for what is going on. */
  readonly stderr: OutputStream;
  /** Absolute path. Relative paths of the command line start here, and adapters are looked for from here. */
  readonly workingFolder: string;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the terminal; undefined when nobody is there. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Calls the listener at each signal until the function that it returns is called. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void;
  /** Ends the process at once. */
  readonly exitNow: (code: number) => void;
}

/** The world of this process. */
export function processContext(): CliContext {
  const { stdin, stdout, stderr } = process;
  return {
    stdout,
    stderr,
    workingFolder: process.cwd(),
    environment: process.env,
    ask: stdin.isTTY && stdout.isTTY ? askAtTerminal : undefined,
    onSignal: onProcessSignal,
    exitNow: (code) => process.exit(code),
  };
}

async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => {
    terminal.once("close", () => resolve(""));
  });
  try {
    return await Promise.race([terminal.question(question), ended]);
  } finally {
    terminal.close();
  }
}

function onProcessSignal(listener: (signal: StopSignal) => void): () => void {
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return () => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
}
