import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { startRunnerServer, type RunnerServerChoices } from "../serve/start-runner-server.js";
import { accessOptions, addOptions, bodyOption, endingOptions, listeningOptions, runnerOptions } from "./shared-options.js";

const examples = `
Examples:
  bentoml start-runner-server digits:latest --port 4000
  bentoml start-runner-server digits --socket /run/digits.sock --workers 2
  bentoml start-runner-server digits --host 0.0.0.0 --token-file /run/secrets/token --tls-cert cert.pem --tls-key key.pem

The token can also be in $BENTOML_RUNNER_TOKEN. Programs call the runner by initClient({ url, token }).
`;

/** `bentoml start-runner-server <tag>` */
export function addStartRunnerServerCommand(program: Command, context: CliContext): void {
  const command = program
    .command("start-runner-server")
    .description("run a model for programs in other processes or on other hosts")
    .argument("<tag>", "such as digits:v1, or digits for its newest version");
  addOptions(command, listeningOptions()).option("--socket <path>", "Unix socket to listen on instead, which only this user can connect to");
  addOptions(command, runnerOptions()).option("--max-concurrency <n>", "most calls at once, more are refused (default: 10000)", wholeNumber(1));
  addOptions(command, bodyOption(), accessOptions("file with the bearer token that calls must bring"), endingOptions())
    .addHelpText("after", examples)
    .action((tag: string, choices: RunnerServerChoices, command: Command) => startRunnerServer(tag, chosenStore(command, context), choices, context));
}
