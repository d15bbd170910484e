import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { serveModels, type ServeOptions } from "../serve/serve-models.js";

const examples = `
Examples:
  bentoml serve digits:latest
  bentoml serve digits:v1 digits:v2 resnet --port 8080
  bentoml serve digits --host 0.0.0.0 --workers 2 --max-batch-size 32
  bentoml serve --model-control explicit      (then POST /v2/repository/models/digits/load)
`;

const settings = `
What is not given here comes from bentoml.config.yaml, $BENTOML_CONFIG and $BENTOML_CONFIG_OPTIONS.
`;

/** `bentoml serve [<tag>…]` */
export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command("serve")
    .description("serve models over HTTP by the Open Inference Protocol v2")
    .argument("[tag...]", "such as digits:v1, or digits for its newest version")
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)")
    .option("--port <n>", "port to listen on; 0 takes a free one (default: 3000)", wholeNumber(0, 65_535))
    .option("--workers <n>", "worker threads of each model (default: by the resources, mostly one that uses all cores)", wholeNumber(1))
    .option("--max-batch-size <n>", "most items in one batch (default: 100)", wholeNumber(1))
    .option("--max-latency-ms <n>", "refuse calls that would take longer (default: 60000)", wholeNumber(1))
    .option("--max-body-bytes <n>", "largest request body (default: 128 MiB)", wholeNumber(1))
    .addOption(
      new Option("--model-control <mode>", "explicit: clients may load and unload models of the store while the server runs")
        .choices(["none", "explicit"])
        .default("none"),
    )
    .addOption(
      new Option("--graceful-timeout-ms <n>", "how long accepted calls may finish after a signal")
        .default(30_000)
        .argParser(wholeNumber(0)),
    )
    .addHelpText("after", examples + settings)
    .action((tags: string[], options: ServeOptions, command: Command) =>
      serveModels(tags, chosenStore(command, context), options, context),
    );
}
