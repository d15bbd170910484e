import { Configuration, InvalidArgumentError } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import { DevelopmentReload } from "../development/development-reload.js";
import { isTypeScript, nodeTakesTypeScript } from "../services/typescript-faults.js";
import { stylesFor } from "../styles.js";
import { ProcessFailure } from "../supervision/process-failure.js";
import { Supervisor, type SupervisedStart } from "../supervision/supervisor.js";
import { startUpBanner } from "./banner.js";
import { eventLog } from "./event-log.js";
import type { ApplicationSource, ServeOptions } from "./serve-options.js";
import { listenOptions } from "./server-settings.js";
import { serveUntilSignal } from "./until-signal.js";

/** For Node, before the entry of a process: TypeScript is translated. The files lie beside the built file of this module. */
const TRANSPILE = ["--import", new URL("./transpile-typescript.js", import.meta.url).href];
const TELL_IMPORTS = ["--import", new URL("./tell-imports.js", import.meta.url).href];

/** Serves from processes of their own, `apiProcesses` of which answer requests, until a signal comes. Throws when that cannot be. */
export async function serveSupervised(source: ApplicationSource, options: ServeOptions, apiProcesses: number, context: CliContext): Promise<void> {
  const { stdout, environment, workingFolder } = context;
  if (process.platform === "win32") throw new InvalidArgumentError("Files of services, --api-workers and --development need Unix sockets, which Node does not have on Windows: use WSL.");
  if (options.modelControl === "explicit") throw new InvalidArgumentError("--model-control explicit changes the models of one process: leave --api-workers out, or set it to 1.");
  const styles = stylesFor(stdout, environment);
  const log = eventLog(stdout, styles);
  const configuration = Configuration.load({ workingFolder, environment });
  const reload = options.development === true && source.kind === "service" ? new DevelopmentReload(source.file, log) : undefined;
  const make = (transpiles: boolean): Supervisor =>
    new Supervisor({
      source,
      options,
      apiProcesses,
      listen: listenOptions(options, configuration),
      nodeFlags: [...(transpiles ? TRANSPILE : []), ...(source.kind === "service" ? TELL_IMPORTS : [])],
      log,
      context,
      ...(reload === undefined ? {} : { onFiles: (files) => reload.watch(files) }),
    });
  let running: Supervisor | undefined;
  const starting = startOneOf(make, source).then(({ supervisor, started }) => {
    running = supervisor;
    return started;
  });
  await serveUntilSignal(
    {
      listening: starting,
      close: async (how) => {
        await reload?.close();
        await running?.close(how);
      },
      onStarted: ({ address, description, needsToken, hasPage }) => {
        stdout.write(startUpBanner(description, { url: address.url, styles, isTerminal: stdout.isTTY === true, processes: apiProcesses, needsToken, hasPage }));
        reload?.begin(async () => running?.replace());
        return () => running?.kill();
      },
    },
    options,
    log,
    context,
  );
}

/** Node's own way with TypeScript where it has one; where that fails, translated files. */
async function startOneOf(make: (transpiles: boolean) => Supervisor, source: ApplicationSource): Promise<{ readonly supervisor: Supervisor; readonly started: SupervisedStart }> {
  const isTyped = source.kind === "service" && isTypeScript(source.file);
  const start = async (transpiles: boolean): Promise<{ supervisor: Supervisor; started: SupervisedStart }> => {
    const supervisor = make(transpiles);
    return { supervisor, started: await supervisor.start() };
  };
  if (!isTyped || !nodeTakesTypeScript()) return start(isTyped);
  try {
    return await start(false);
  } catch (error) {
    if (!(error instanceof ProcessFailure && error.needsTranspiler)) throw error;
    return start(true);
  }
}
