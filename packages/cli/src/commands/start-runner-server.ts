import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { startRunnerServer, type RunnerServerChoices } from "../serve/start-runner-server.js";

const examples = `
Examples:
  bentoml start-runner-server digits:latest --port 4000
  bentoml start-runner-server digits --socket /run/digits.sock --workers 2
  bentoml start-runner-server digits --host 0.0.0.0 --token-file /run/secrets/token --tls-cert cert.pem --tls-key key.pem

The token can also be in $BENTOML_RUNNER_TOKEN. Programs call the runner by initClient({ url, token }).
`;

/** `bentoml start-runner-server <tag>` */
export function addStartRunnerServerCommand(program: Command, context: CliContext): void {
  program
    .command("start-runner-server")
    .description("run a model for programs in other processes or on other hosts")
    .argument("<tag>", "such as digits:v1, or digits for its newest version")
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)")
    .option("--port <n>", "port to listen on; 0 takes a free one (default: 3000)", wholeNumber(0, 65_535))
    .option("--socket <path>", "Unix socket to listen on instead, which only this user can connect to")
    .option("--workers <n>", "worker threads (default: by the resources, mostly one that uses all cores)", wholeNumber(1))
    .addOption(new Option("--isolation <kind>", "what the workers are (default: thread)").choices(["thread", "process"]))
    .option("--max-batch-size <n>", "most items in one batch (default: 100)", wholeNumber(1))
    .option("--max-latency-ms <n>", "refuse calls that would take longer (default: 60000)", wholeNumber(1))
    .option("--max-concurrency <n>", "most calls at once, more are refused (default: 10000)", wholeNumber(1))
    .option("--max-body-bytes <n>", "largest request body (default: 128 MiB)", wholeNumber(1))
    .option("--token-file <path>", "file with the bearer token that calls must bring")
    .option("--tls-cert <path>", "certificate in PEM, for https")
    .option("--tls-key <path>", "its key in PEM")
    .option("--tls-client-ca <path>", "authority that must have signed the clients' certificates")
    .addOption(
      new Option("--graceful-timeout-ms <n>", "how long accepted calls may finish after a signal")
        .default(30_000)
        .argParser(wholeNumber(0)),
    )
    .addHelpText("after", examples)
    .action((tag: string, choices: RunnerServerChoices, command: Command) => startRunnerServer(tag, chosenStore(command, context), choices, context));
}
