import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { storeFolder, type BenchModel } from "../bench-models.js";

/** A server that answers infer requests. */
export interface Contestant {
  readonly name: "ours" | "naive" | "echo";
  readonly commandLine: readonly [string, ...string[]];
  readonly variables: NodeJS.ProcessEnv;
  /** Where requests go. */
  readonly path: string;
}

/** `bentoml serve` with its defaults, as built. */
export function ourServer(model: BenchModel): Contestant {
  const cli = join(dirname(createRequire(import.meta.url).resolve("bentoml/package.json")), "dist", "bin.js");
  return {
    name: "ours",
    commandLine: [process.execPath, cli, "serve", `${model.name}:latest`, "--port", "0"],
    variables: { BENTOML_HOME: storeFolder },
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
