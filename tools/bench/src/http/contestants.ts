import { fileURLToPath } from "node:url";
import { withServer } from "@bentoml-tools/ci/started-server";
import { storeFolder, type BenchModel } from "../bench-models.js";
import { cliPath } from "../cli-path.js";

/** A server that answers infer requests. */
export interface Contestant {
  readonly name: "ours" | "naive" | "echo";
  readonly commandLine: readonly [string, ...string[]];
  readonly variables: NodeJS.ProcessEnv;
  /** Where requests go. */
  readonly path: string;
}

/** `bentoml serve` as built, with its defaults but for `settings`, in the form of `BENTOML_CONFIG_OPTIONS`. */
export function ourServer(model: BenchModel, settings = ""): Contestant {
  return {
    name: "ours",
    commandLine: [process.execPath, cliPath(), "serve", `${model.name}:latest`, "--port", "0"],
    variables: { BENTOML_HOME: storeFolder, BENTOML_CONFIG_OPTIONS: settings },
    path: `/v2/models/${model.name}/infer`,
  };
}

export function naiveServer(model: BenchModel): Contestant {
  return { name: "naive", commandLine: typescript("naive-server.ts", model.path), variables: {}, path: "/" };
}

export function echoServer(model: BenchModel): Contestant {
  return { name: "echo", commandLine: typescript("echo-server.ts", String(model.outputSize)), variables: {}, path: "/" };
}

function typescript(file: string, parameter: string): [string, ...string[]] {
  return [process.execPath, "--import", "tsx", fileURLToPath(new URL(file, import.meta.url)), parameter];
}

/** Starts the server, and ends it when `use` has ended, which is given the URL that requests go to. */
export function withContestant<Result>({ commandLine, variables, path }: Contestant, use: (url: string) => Promise<Result>): Promise<Result> {
  return withServer(commandLine, { folder: import.meta.dirname, variables }, (base) => use(`${base}${path}`));
}
