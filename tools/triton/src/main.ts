/**
 * Starts a Triton with the named models, or all that load, prints its address, and stops it on Ctrl-C.
 *
 *     node --import tsx tools/triton/src/main.ts identity_fp32 add_sub
 */
import { once } from "node:events";
import { startTriton } from "./started-triton.js";
import { testModelNames } from "./test-models.js";

const named = process.argv.slice(2);
const models = named.length > 0 ? named : testModelNames.filter((name) => name !== "broken" && name !== "load_me");
const triton = await startTriton({ models });
console.log(triton.url);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await triton.stop();
