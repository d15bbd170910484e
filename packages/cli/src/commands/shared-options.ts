import { Option, type Command } from "commander";
import { wholeNumber } from "../number-option.js";
import { repeated } from "../repeated-option.js";

/** Options that several commands have, with one meaning in all of them. */
export function addOptions(command: Command, ...groups: readonly (readonly Option[])[]): Command {
  for (const option of groups.flat()) command.addOption(option);
  return command;
}

/** Where a server listens. */
export function listeningOptions(): readonly Option[] {
  return [
    new Option("--host <address>", "address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)"),
    new Option("--port <n>", "port to listen on; 0 takes a free one (default: 3000)").argParser(wholeNumber(0, 65_535)),
  ];
}

export function apiProcessOption(text: string): readonly Option[] {
  return [new Option("--api-workers <n>", text).argParser(wholeNumber(1, 512))];
}

/** For the runners that a command makes. */
export function runnerOptions(): readonly Option[] {
  return [
    new Option("--workers <n>", "workers of each model (default: by the resources, mostly one that uses all cores)").argParser(wholeNumber(1)),
    new Option("--isolation <kind>", "what the workers of models are (default: thread)").choices(["thread", "process"]),
    new Option("--max-batch-size <n>", "most items in one batch (default: 100)").argParser(wholeNumber(1)),
    new Option("--max-latency-ms <n>", "refuse calls that would take longer (default: 60000)").argParser(wholeNumber(1)),
  ];
}

export function bodyOption(): readonly Option[] {
  return [new Option("--max-body-bytes <n>", "largest request body (default: 128 MiB)").argParser(wholeNumber(1))];
}

/** Where runners run. */
export function placeOptions(flag: string, text: string): readonly Option[] {
  return [
    new Option(`${flag} <name=url>`, text).argParser(repeated),
    new Option("--runner-token-file <path>", "file with the token that runner servers want"),
  ];
}

/** Who may call, and how it is encrypted. */
export function accessOptions(tokenText: string): readonly Option[] {
  return [
    new Option("--token-file <path>", tokenText),
    new Option("--tls-cert <path>", "certificate in PEM, for https"),
    new Option("--tls-key <path>", "its key in PEM"),
    new Option("--tls-client-ca <path>", "authority that must have signed the clients' certificates"),
  ];
}

export function pageOption(): readonly Option[] {
  return [new Option("--no-page", "without the page for people at /")];
}

/** How a server ends. */
export function endingOptions(): readonly Option[] {
  return [
    new Option("--graceful-timeout-ms <n>", "how long accepted calls may finish after a signal").default(30_000).argParser(wholeNumber(0)),
    new Option("--drain-ms <n>", "how long, of that, everything is still answered, while load balancers learn that it is not ready").default(0).argParser(wholeNumber(0)),
  ];
}
