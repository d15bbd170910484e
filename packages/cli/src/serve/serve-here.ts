import { InvalidArgumentError } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import { stylesFor } from "../styles.js";
import { ApiServer } from "./api-server.js";
import { startUpBanner } from "./banner.js";
import { describe } from "./descriptions.js";
import { eventLog } from "./event-log.js";
import type { ApplicationSource, ServeOptions } from "./serve-options.js";
import { listenOptions } from "./server-settings.js";
import { serveUntilSignal } from "./until-signal.js";
import { unusedSettings } from "./unused-settings.js";
import { watchRunners } from "./watch-runners.js";

/**
 * Serves from this process until a signal comes, then finishes what was accepted. Throws when that cannot be; whatever was started until
 * then is stopped before.
 */
export async function serveHere(source: ApplicationSource, options: ServeOptions, context: CliContext): Promise<void> {
  const { stdout, environment } = context;
  const styles = stylesFor(stdout, environment);
  const log = eventLog(stdout, styles);
  if (source.kind === "models" && source.tags.length === 0 && options.modelControl !== "explicit") throw nothingToServe();
  const api = await ApiServer.load({ source, options, context, log });
  const { configuration, application } = api;
  const runnerNames = application.runners.map(({ name }) => name);
  for (const place of unusedSettings(configuration, runnerNames, false)) log.warn(`${place} is not used by bentoml serve`);
  await serveUntilSignal(
    {
      listening: api.listen(listenOptions(options, configuration)),
      close: (how) => api.close(how),
      onStarted: ({ url }) => {
        stdout.write(startUpBanner(describe(api), { url, styles, isTerminal: stdout.isTTY === true, needsToken: api.needsToken, hasPage: api.hasPage }));
        return watchRunners(log);
      },
    },
    options,
    log,
    context,
  );
}

function nothingToServe(): InvalidArgumentError {
  return new InvalidArgumentError("Name a model to serve, such as digits:latest (bentoml models list shows all), or give --model-control explicit to load them later.");
}
