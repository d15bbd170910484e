import { buildWhenStale } from "./build-when-stale.js";
import { freePort } from "./free-port.js";
import { inferBody } from "./infer-body.js";
import { complaint, measure, resultRows, type Measurement } from "./measurement.js";
import { renderResults } from "./result-table.js";
import type { Screen } from "./screen.js";
import { ServedProcess } from "./served-process.js";
import type { StartOptions } from "./start-options.js";
import { storeDigits } from "./store-digits.js";
import { storeName } from "./workspace.js";

const HOST = "127.0.0.1";
const FIRST_PORT = 3000;
/** What a shell reports for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Builds, stores, serves and measures, then serves on until a signal comes. Answers the exit code; throws what went wrong. */
export async function runStart(options: StartOptions, screen: Screen): Promise<number> {
  screen.line();
  await prepare(screen);
  const server = new ServedProcess(await serveArguments(), (line) => screen.line(`  ${line}`));
  try {
    const url = await server.ready;
    screen.done(`serving digits:latest on ${url}`);
    const measurement = await Promise.race([measureOnScreen(url, options, screen), failWhenEnded(server)]);
    report(measurement, screen);
    const wrong = complaint(measurement);
    if (wrong !== undefined) throw new Error(wrong);
    if (!options.once) {
      invite(url, measurement, screen);
      await server.ended;
    }
  } catch (error) {
    screen.clear();
    if (!server.isInterrupted) throw error;
    await server.ended;
    return INTERRUPTED;
  } finally {
    await server.stop();
  }
  const code = await server.ended;
  if (code !== 0) throw new Error(`The server ended with ${code} and not with 0.`);
  return 0;
}

async function prepare(screen: Screen): Promise<void> {
  const isBuilt = await buildWhenStale(() => screen.doing("building the packages"));
  screen.clear();
  screen.done(isBuilt ? "packages built" : "packages are built already");
  const { tag, isNew } = await storeDigits();
  screen.done(isNew ? `${tag} imported into the store ${storeName}` : `${tag} is in the store ${storeName}`);
}

async function serveArguments(): Promise<string[]> {
  return ["--store", storeName, "serve", "digits:latest", "--host", HOST, "--port", String(await freePort(FIRST_PORT, HOST))];
}

async function measureOnScreen(url: string, { requests, inFlight }: StartOptions, screen: Screen): Promise<Measurement> {
  screen.doing("warming up");
  const measurement = await measure(url, {
    requests,
    inFlight,
    onAnswer: (answered, total) => screen.progress(answered, total, "requests"),
  });
  screen.clear();
  screen.done(`${measurement.load.requests.toLocaleString("en")} requests answered`);
  return measurement;
}

/** Rejects when the server ends; never resolves. */
async function failWhenEnded(server: ServedProcess): Promise<never> {
  throw new Error(`The server ended with ${await server.ended}.`);
}

function report(measurement: Measurement, screen: Screen): void {
  screen.line();
  for (const line of renderResults(resultRows(measurement), (note) => screen.style("dim", note))) screen.line(`  ${line}`);
  screen.line();
}

function invite(url: string, { digits }: Measurement, screen: Screen): void {
  screen.line(`  It keeps serving on ${screen.style("cyan", url)}. Show it a ${digits.labels[0]}:`);
  screen.line();
  screen.line(`curl -s -d '${inferBody(digits, 0)}' ${url}/v2/models/digits/infer`);
  screen.line();
  screen.line(`  Metrics are at ${url}/metrics. Ctrl-C stops.`);
}
