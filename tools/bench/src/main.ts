/**
 *     npm run bench -- http [--rounds 5] [--seconds 3]
 *     npm run bench -- core [--rounds 5] [--seconds 3]
 *     npm run bench -- codec [--rounds 5] [--seconds 3]
 *     npm run bench -- images [--rounds 5] [--seconds 3]
 *     npm run bench -- batching [--rounds 5] [--seconds 3]
 *     npm run bench -- pairs [--rounds 7] [--seconds 3]
 *     npm run bench -- triton [--rounds 5] [--seconds 3]
 *     npm run bench -- tfjs [--rounds 5] [--seconds 3]
 *     npm run bench -- overload [--rounds 3] [--seconds 60]
 */
import { parseArgs } from "node:util";
import { benchmarkBatching } from "./batching/batching-benchmark.js";
import { benchmarkPairs } from "./batching/pairs-benchmark.js";
import { benchmarkCodec } from "./codec/codec-benchmark.js";
import { benchmarkCore } from "./core/core-benchmark.js";
import type { BenchmarkOptions } from "./experiment.js";
import { benchmarkHttp } from "./http/http-benchmark.js";
import { benchmarkImages } from "./images/images-benchmark.js";
import { benchmarkOverload } from "./overload/overload-benchmark.js";
import { benchmarkTfjs } from "./tfjs/tfjs-benchmark.js";
import { benchmarkTriton } from "./triton/triton-benchmark.js";

interface Benchmark {
  run(options: BenchmarkOptions): Promise<void>;
  /** When the command line names none. */
  readonly rounds: number;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  http: { run: benchmarkHttp, rounds: 5 },
  core: { run: benchmarkCore, rounds: 5 },
  codec: { run: benchmarkCodec, rounds: 5 },
  images: { run: benchmarkImages, rounds: 5 },
  batching: { run: benchmarkBatching, rounds: 5 },
  pairs: { run: benchmarkPairs, rounds: 7 },
  triton: { run: benchmarkTriton, rounds: 5 },
  tfjs: { run: benchmarkTfjs, rounds: 5 },
  overload: { run: benchmarkOverload, rounds: 3 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" }, seconds: { type: "string", default: "3" } },
});
const [name = ""] = positionals;
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
const rounds = Number(values.rounds ?? benchmark?.rounds);
const seconds = Number(values.seconds);

if (benchmark === undefined || positionals.length > 1 || !(rounds >= 1) || !(seconds >= 1)) {
  console.error(`Usage: npm run bench -- <${Object.keys(benchmarks).join(", ")}> [--rounds n] [--seconds 3]`);
  process.exitCode = 2;
} else {
  await benchmark.run({ rounds, seconds });
}
