import { Configuration, InvalidArgumentError, type ModelStore } from "bentoml-core";
import { ModelServer, type ListenOptions, type ModelServerOptions } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { stylesFor } from "../styles.js";
import { startUpBanner } from "./banner.js";
import { eventLog } from "./event-log.js";
import { openModels } from "./open-models.js";
import { runnerOptions, type RunnerChoices } from "./runner-choices.js";
import { StoreRepository } from "./store-repository.js";
import { serveUntilSignal } from "./until-signal.js";
import { unusedSettings } from "./unused-settings.js";
import { watchRunners } from "./watch-runners.js";

/** Options of `bentoml serve`, as the command line gives them. What is left out comes from the configuration. */
export interface ServeOptions extends RunnerChoices {
  readonly host?: string;
  readonly port?: number;
  readonly maxBodyBytes?: number;
  readonly modelControl: "none" | "explicit";
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
  const isControlled = options.modelControl === "explicit";
  if (tags.length === 0 && !isControlled) throw nothingToServe();
  const forRunners = { ...runnerOptions(options), configuration };
  const models = await openModels(tags, store, forRunners, context.workingFolder);
  const runnerNames = models.map(({ runner }) => runner.name);
  for (const place of unusedSettings(configuration, runnerNames)) log.warn(`${place} is not used by bentoml serve`);
  const server = new ModelServer({
    ...configuredServer(configuration),
    models: models.map(({ served }) => served),
    ownsRunners: true,
    onModelChange: (change, { name, version }) => log.tell(`${name}:${version} is ${change}`),
    ...(isControlled ? { repository: new StoreRepository(store, forRunners, context.workingFolder, log) } : {}),
    onUnexpectedError: (error, { endpoint }) => log.warn(`unexpected error on ${endpoint}: ${errorLine(error)}`),
    ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
  });
  await serveUntilSignal(
    {
      listening: server.listen(address(options, configuration)),
      close: (how) => server.close(how),
      onStarted: (begun) => {
        stdout.write(startUpBanner(begun, models, styles, stdout.isTTY === true));
        return watchRunners(log);
      },
    },
    options.gracefulTimeoutMs,
    log,
    context,
  );
}

function nothingToServe(): InvalidArgumentError {
  return new InvalidArgumentError("Name a model to serve, such as digits:latest (bentoml models list shows all), or give --model-control explicit to load them later.");
}

/** Where to listen: what the command line says, else the configuration, else the server's own default. */
function address(options: ServeOptions, { apiServer }: Configuration): ListenOptions {
  const host = options.host ?? apiServer.host;
  const port = options.port ?? apiServer.port;
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

function configuredServer({ apiServer }: Configuration): Partial<ModelServerOptions> {
  const { timeoutMs, maxConcurrency, runnerProbe, cors } = apiServer;
  return {
    ...(cors.enabled ? { crossOrigin: cors } : {}),
    callTimeoutMs: Math.ceil(timeoutMs),
    readinessTimeoutMs: Math.ceil(runnerProbe.timeoutMs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}
