/**
 * Starts a Triton with the named models, or all that load, prints its address, and stops it on Ctrl-C.
 *
 *     npx tsx tools/triton/src/main.ts identity_fp32 add_sub
 *     npx tsx tools/triton/src/main.ts --repository docs/examples/triton/models --port 8000
 */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startTriton } from "./started-triton.js";
import { testModelNames } from "./test-models.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { repository: { type: "string" }, port: { type: "string" } } });
const repository = values.repository === undefined ? undefined : resolve(values.repository);
const all = repository === undefined ? testModelNames.filter((name) => name !== "broken" && name !== "load_me") : readdirSync(repository);

const triton = await startTriton({
  models: positionals.length > 0 ? positionals : all,
  ...(repository === undefined ? {} : { repository }),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
console.log(triton.url);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await triton.stop();
