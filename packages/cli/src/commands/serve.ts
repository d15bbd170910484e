import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { serve } from "../serve/serve.js";
import type { ServeOptions } from "../serve/serve-options.js";
import { accessOptions, addOptions, apiProcessOption, bodyOption, endingOptions, listeningOptions, pageOption, placeOptions, runnerOptions } from "./shared-options.js";

const examples = `
Examples:
  bentoml serve digits:latest
  bentoml serve digits:v1 digits:v2 resnet --port 8080
  bentoml serve digits --host 0.0.0.0 --token-file /run/secrets/token --tls-cert cert.pem --tls-key key.pem
  bentoml serve digits --api-workers 4 --workers 2
  bentoml serve digits --remote-runner digits=http://10.0.0.7:4000
  bentoml serve ./service.ts --development
  bentoml serve --model-control explicit      (then POST /v2/repository/models/digits/load)
`;

const settings = `
What is not given here comes from bentoml.config.yaml, $BENTOML_CONFIG and $BENTOML_CONFIG_OPTIONS. Tokens can also be in
$BENTOML_API_TOKEN (that callers must bring) and $BENTOML_RUNNER_TOKEN (for runners elsewhere).
`;

/** `bentoml serve [<target>…]` */
export function addServeCommand(program: Command, context: CliContext): void {
  const command = program
    .command("serve")
    .description("serve models over HTTP by the Open Inference Protocol v2, or a service with APIs of its own")
    .argument("[target...]", "tags such as digits:v1, or digits for its newest version; or the file or folder of one service, such as ./service.ts");
  addOptions(
    command,
    listeningOptions(),
    apiProcessOption("processes that answer requests; with more than one, each runner has a process of its own (default: 1)"),
    runnerOptions(),
    bodyOption(),
    placeOptions("--remote-runner", "this runner runs on a runner server; give it once for each"),
    accessOptions("file with the tokens of which callers must bring one"),
    pageOption(),
  )
    .option("--development", "serve a changed file of a service at once, without a gap")
    .addOption(
      new Option("--model-control <mode>", "explicit: clients may load and unload models of the store while the server runs")
        .choices(["none", "explicit"])
        .default("none"),
    );
  addOptions(command, endingOptions())
    .addHelpText("after", examples + settings)
    .action((targets: string[], options: ServeOptions, command: Command) => serve(targets, chosenStore(command, context), options, context));
}
