import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface StartOptions {
  /** End after the table instead of serving on. */
  readonly once: boolean;
  /** Least requests of the measurement; whole rounds of all images are sent. */
  readonly requests: number;
  /** Requests that wait for an answer at any moment. */
  readonly inFlight: number;
}

export const usage = "npm start -- [--once] [--requests 20000] [--in-flight 64]";

/** Throws an Error with a message for the user. */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      once: { type: "boolean", default: false },
      requests: { type: "string", default: "20000" },
      "in-flight": { type: "string", default: "64" },
    },
  });
  return {
    once: values.once,
    requests: positiveInteger("--requests", values.requests),
    inFlight: positiveInteger("--in-flight", values["in-flight"]),
  };
}

function positiveInteger(option: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`${option} is ${text}; it must be a whole number of 1 or more. Usage: ${usage}`);
}
