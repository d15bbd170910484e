/**
 *     npm run bench -- http [--rounds 5] [--seconds 3]
 *     npm run bench -- core [--rounds 5] [--seconds 3]
 *     npm run bench -- codec [--rounds 5] [--seconds 3]
 *     npm run bench -- images [--rounds 5] [--seconds 3]
 */
import { parseArgs } from "node:util";
import { benchmarkCodec } from "./codec/codec-benchmark.js";
import { benchmarkCore } from "./core/core-benchmark.js";
import { benchmarkHttp } from "./http/http-benchmark.js";
import { benchmarkImages } from "./images/images-benchmark.js";

const benchmarks = { http: benchmarkHttp, core: benchmarkCore, codec: benchmarkCodec, images: benchmarkImages };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "3" } },
});
const [name = ""] = positionals;
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

if (!Object.hasOwn(benchmarks, name) || positionals.length > 1 || !(rounds >= 1) || !(seconds >= 1)) {
  console.error("Usage: npm run bench -- <http, core, codec or images> [--rounds 5] [--seconds 3]");
  process.exitCode = 2;
} else {
  await benchmarks[name as keyof typeof benchmarks]({ rounds, seconds });
}
