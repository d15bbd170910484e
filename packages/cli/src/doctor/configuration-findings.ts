import { Configuration } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { unusedSettings } from "../serve/unused-settings.js";
import type { Finding } from "./finding.js";

/** Whether the configuration of this folder and environment can be used, and what in it changes nothing. */
export function configurationFindings({ workingFolder, environment }: CliContext, modelNames: readonly string[]): Finding[] {
  try {
    const configuration = Configuration.load({ workingFolder, environment });
    const { sources } = configuration;
    const text = sources.length === 0 ? "no file and no variable: the defaults" : `read from ${sources.join(", then ")}`;
    const isApart = (configuration.apiServer.workers ?? 1) > 1;
    const unused = unusedSettings(configuration, modelNames, isApart).map(
      (place): Finding => ({ area: "configuration", level: "warning", text: `${place} is not used by bentoml serve`, cure: "Remove it, unless bentoml start-runner-server or a program reads it." }),
    );
    return [{ area: "configuration", level: "ok", text }, ...unused];
  } catch (error) {
    return [{ area: "configuration", level: "error", text: errorLine(error), cure: "Mend the file or variable that is named; docs/configuration.md has every key." }];
  }
}
