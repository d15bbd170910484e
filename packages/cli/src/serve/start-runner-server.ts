import { resolve } from "node:path";
import { Configuration, InvalidArgumentError, type ModelStore, type RunnerConfiguration } from "bentoml-core";
import { RunnerServer, type RunnerListenOptions, type RunnerServerOptions } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { stylesFor } from "../styles.js";
import { eventLog } from "./event-log.js";
import { observedRunner } from "./observed-server.js";
import { secretOf, tlsOf, type TlsFiles } from "./option-files.js";
import { openRunner } from "./open-models.js";
import { runnerBanner } from "./runner-banner.js";
import { runnerOptions, type RunnerChoices } from "./runner-choices.js";
import { serveUntilSignal } from "./until-signal.js";
import { watchRunners } from "./watch-runners.js";

/** Options of `bentoml start-runner-server`, as the command line gives them. */
export interface RunnerServerChoices extends RunnerChoices, TlsFiles {
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly maxConcurrency?: number;
  readonly maxBodyBytes?: number;
  readonly tokenFile?: string;
  /** How long the server goes on, not ready, after a signal. */
  readonly drainMs: number;
}

/** Holds the token when no file does. It is no option: everybody on the machine sees a command's arguments. */
const TOKEN_VARIABLE = "BENTOML_RUNNER_TOKEN";

/** Serves the runner of one model to other processes until a signal comes. Throws when it cannot be served. */
export async function startRunnerServer(tag: string, store: ModelStore, choices: RunnerServerChoices, context: CliContext): Promise<void> {
  const { stdout, environment, workingFolder } = context;
  const styles = stylesFor(stdout, environment);
  const log = eventLog(stdout, styles);
  const listen = listenOptions(choices, workingFolder);
  const configuration = Configuration.load({ workingFolder, environment });
  const [token, tls] = await Promise.all([tokenOf(choices, context), tlsOf(choices, workingFolder)]);
  const model = await openRunner(tag, store, { ...runnerOptions(choices), configuration }, workingFolder);
  const { runner } = model;
  const server = new RunnerServer({
    ...configured(configuration, configuration.runner(runner.name)),
    ...observedRunner(configuration, runner.name, stdout),
    runner,
    ownsRunner: true,
    serviceName: model.opened.tag.name,
    serviceVersion: model.opened.tag.version ?? "not available",
    onUnexpectedError: (error, { endpoint }) => log.warn(`unexpected error on ${endpoint}: ${errorLine(error)}`),
    ...(token === undefined ? {} : { token }),
    ...(tls === undefined ? {} : { tls }),
    ...(choices.maxConcurrency === undefined ? {} : { maxConcurrency: choices.maxConcurrency }),
    ...(choices.maxBodyBytes === undefined ? {} : { maxBodyBytes: choices.maxBodyBytes }),
  });
  await serveUntilSignal(
    {
      listening: server.listen(listen),
      close: (how) => server.close(how),
      onStarted: ({ url }) => {
        stdout.write(runnerBanner(url, model, styles, { needsToken: token !== undefined, isTerminal: stdout.isTTY === true }));
        return watchRunners(log);
      },
    },
    choices,
    log,
    context,
  );
}

function listenOptions({ host, port, socket }: RunnerServerChoices, workingFolder: string): RunnerListenOptions {
  if (socket === undefined) return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
  if (host !== undefined || port !== undefined) throw new InvalidArgumentError("--socket stands instead of --host and --port: give one or the other.");
  return { socket: resolve(workingFolder, socket) };
}

/** What the configuration says to this runner when others call it. */
function configured({ apiServer }: Configuration, { timeoutMs, maxConcurrency }: RunnerConfiguration): Partial<RunnerServerOptions> {
  return {
    callTimeoutMs: Math.ceil(timeoutMs),
    readinessTimeoutMs: Math.ceil(apiServer.runnerProbe.timeoutMs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}

async function tokenOf({ tokenFile }: RunnerServerChoices, { workingFolder, environment }: CliContext): Promise<string | undefined> {
  return tokenFile === undefined ? environment[TOKEN_VARIABLE] : secretOf("--token-file", tokenFile, workingFolder);
}
