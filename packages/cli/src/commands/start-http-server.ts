import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { repeated } from "../repeated-option.js";
import { serve } from "../serve/serve.js";
import type { ServeOptions } from "../serve/serve-options.js";

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
  program
    .command("start-http-server")
    .description("serve models or a service of which every runner runs on a runner server")
    .argument("<target...>", "tags of models, or the file or folder of a service")
    .option("--depends <name=url>", "where a runner runs; give it once for each", repeated)
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)")
    .option("--port <n>", "port to listen on; 0 takes a free one (default: 3000)", wholeNumber(0, 65_535))
    .option("--api-workers <n>", "processes that answer requests (default: 1)", wholeNumber(1, 512))
    .option("--max-body-bytes <n>", "largest request body (default: 128 MiB)", wholeNumber(1))
    .option("--runner-token-file <path>", "file with the token that runner servers want")
    .option("--token-file <path>", "file with the tokens of which callers must bring one")
    .option("--tls-cert <path>", "certificate in PEM, for https")
    .option("--tls-key <path>", "its key in PEM")
    .option("--tls-client-ca <path>", "authority that must have signed the clients' certificates")
    .addOption(
      new Option("--graceful-timeout-ms <n>", "how long accepted calls may finish after a signal")
        .default(30_000)
        .argParser(wholeNumber(0)),
    )
    .addHelpText("after", examples)
    .action((targets: string[], { depends = [], ...options }: StartHttpServerOptions, command: Command) =>
      serve(targets, chosenStore(command, context), { ...options, modelControl: "none", remoteRunner: depends, runsNoModel: true }, context),
    );
}
