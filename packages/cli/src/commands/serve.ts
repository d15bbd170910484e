import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { repeated } from "../repeated-option.js";
import { serve } from "../serve/serve.js";
import type { ServeOptions } from "../serve/serve-options.js";

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
  program
    .command("serve")
    .description("serve models over HTTP by the Open Inference Protocol v2, or a service with APIs of its own")
    .argument("[target...]", "tags such as digits:v1, or digits for its newest version; or the file or folder of one service, such as ./service.ts")
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)")
    .option("--port <n>", "port to listen on; 0 takes a free one (default: 3000)", wholeNumber(0, 65_535))
    .option("--api-workers <n>", "processes that answer requests; with more than one, each runner has a process of its own (default: 1)", wholeNumber(1, 512))
    .option("--workers <n>", "workers of each model (default: by the resources, mostly one that uses all cores)", wholeNumber(1))
    .addOption(new Option("--isolation <kind>", "what the workers of models are (default: thread)").choices(["thread", "process"]))
    .option("--max-batch-size <n>", "most items in one batch (default: 100)", wholeNumber(1))
    .option("--max-latency-ms <n>", "refuse calls that would take longer (default: 60000)", wholeNumber(1))
    .option("--max-body-bytes <n>", "largest request body (default: 128 MiB)", wholeNumber(1))
    .option("--remote-runner <name=url>", "this runner runs on a runner server; give it once for each", repeated)
    .option("--runner-token-file <path>", "file with the token that runner servers want")
    .option("--token-file <path>", "file with the tokens of which callers must bring one")
    .option("--tls-cert <path>", "certificate in PEM, for https")
    .option("--tls-key <path>", "its key in PEM")
    .option("--tls-client-ca <path>", "authority that must have signed the clients' certificates")
    .option("--development", "serve a changed file of a service at once, without a gap")
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
    .action((targets: string[], options: ServeOptions, command: Command) => serve(targets, chosenStore(command, context), options, context));
}
