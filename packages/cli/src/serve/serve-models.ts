import { Configuration, type ModelStore, type RunnerOptions } from "bentoml-core";
import { ModelServer, type ListenOptions, type ModelServerOptions } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { stylesFor } from "../styles.js";
import { startUpBanner } from "./banner.js";
import { eventLog } from "./event-log.js";
import { openModels } from "./open-models.js";
import { StopSignals } from "./stop-signals.js";
import { unusedSettings } from "./unused-settings.js";
import { watchRunners } from "./watch-runners.js";

/** Options of `bentoml serve`, as the command line gives them. What is left out comes from the configuration. */
export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly workers?: number;
  readonly maxBatchSize?: number;
  readonly maxLatencyMs?: number;
  readonly maxBodyBytes?: number;
  readonly gracefulTimeoutMs: number;
}

/**
 * Serves the models until a signal comes, then finishes what was accepted. Throws when they cannot be served; whatever was
 * started until then is stopped before.
 */
export async function serveModels(tags: readonly string[], store: ModelStore, options: ServeOptions, context: CliContext): Promise<void> {
  const { stdout, environment } = context;
  const styles = stylesFor(stdout, environment);
  const log = eventLog(stdout, styles);
  const configuration = Configuration.load({ workingFolder: context.workingFolder, environment });
  const models = await openModels(tags, store, { ...runnerOptions(options), configuration }, context.workingFolder);
  const runnerNames = models.map(({ runner }) => runner.name);
  for (const place of unusedSettings(configuration, runnerNames)) log.warn(`${place} is not used by bentoml serve`);
  const server = new ModelServer({
    ...configuredLimits(configuration),
    models: models.map(({ served }) => served),
    ownsRunners: true,
    onUnexpectedError: (error, { endpoint }) => log.warn(`unexpected error on ${endpoint}: ${errorLine(error)}`),
    ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
  });
  const signals = new StopSignals(context);
  let unwatch: () => void = () => undefined;
  try {
    const { gracefulTimeoutMs } = options;
    const listening = server.listen(address(options, configuration));
    const begun = await Promise.race([listening, signals.first]);
    if (typeof begun === "object") {
      stdout.write(startUpBanner(begun, models, styles, stdout.isTTY === true));
      unwatch = watchRunners(log);
    }
    const signal = await signals.first;
    log.tell(`${signal}: no new requests; accepted ones have ${seconds(gracefulTimeoutMs)} to finish`);
    // A server that is still starting is closed when it has started: closing it before would leave its workers behind.
    const closed = listening.then(() => server.close({ graceMs: gracefulTimeoutMs }));
    const isClosed = await settlesWithin(gracefulTimeoutMs, closed);
    if (isClosed) log.tell("stopped");
    else log.warn(`calls still ran after ${seconds(gracefulTimeoutMs)} and were given up`);
  } finally {
    unwatch();
    signals.stopListening();
  }
}

/** False when it takes longer; a rejection is passed on. */
async function settlesWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function runnerOptions({ workers, maxBatchSize, maxLatencyMs, gracefulTimeoutMs }: ServeOptions): RunnerOptions {
  return {
    graceMs: gracefulTimeoutMs,
    ...(workers === undefined ? {} : { workers }),
    ...(maxBatchSize === undefined ? {} : { maxBatchSize }),
    ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }),
  };
}

/** Where to listen: what the command line says, else the configuration, else the server's own default. */
function address(options: ServeOptions, { apiServer }: Configuration): ListenOptions {
  const host = options.host ?? apiServer.host;
  const port = options.port ?? apiServer.port;
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

function configuredLimits({ apiServer }: Configuration): Partial<ModelServerOptions> {
  const { timeoutMs, maxConcurrency, runnerProbe } = apiServer;
  return {
    callTimeoutMs: Math.ceil(timeoutMs),
    readinessTimeoutMs: Math.ceil(runnerProbe.timeoutMs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))} s`;
}
