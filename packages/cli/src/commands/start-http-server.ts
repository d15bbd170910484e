import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { serve } from "../serve/serve.js";
import type { ServeOptions } from "../serve/serve-options.js";
import { accessOptions, addOptions, apiProcessOption, bodyOption, endingOptions, listeningOptions, pageOption, placeOptions } from "./shared-options.js";

const examples = `
Examples:
  bentoml start-http-server digits --depends digits=http://10.0.0.7:4000
  bentoml start-http-server ./service.ts --depends digits=unix:/run/digits.sock --depends resnet=http://10.0.0.8:4000

The token of the runner servers is in --runner-token-file or $BENTOML_RUNNER_TOKEN.
`;

/** The options of `serve` that it has too, and where all runners are. */
type StartHttpServerOptions = Omit<ServeOptions, "remoteRunner"> & { readonly depends?: readonly string[] };

/** `bentoml start-http-server <target…>`: the API server alone, for runners that all run elsewhere. */
export function addStartHttpServerCommand(program: Command, context: CliContext): void {
  const command = program
    .command("start-http-server")
    .description("serve models or a service of which every runner runs on a runner server")
    .argument("<target...>", "tags of models, or the file or folder of a service");
  addOptions(
    command,
    placeOptions("--depends", "where a runner runs; give it once for each"),
    listeningOptions(),
    apiProcessOption("processes that answer requests (default: 1)"),
    bodyOption(),
    accessOptions("file with the tokens of which callers must bring one"),
    pageOption(),
    endingOptions(),
  )
    .addHelpText("after", examples)
    .action((targets: string[], { depends = [], ...options }: StartHttpServerOptions, command: Command) =>
      serve(targets, chosenStore(command, context), { ...options, modelControl: "none", remoteRunner: depends, runsNoModel: true }, context),
    );
}
