/**
 * Serves one model for each datatype of the protocol, `identity_<datatype>`, that answers its input "x" as its output "y"; prints its address, and
 * ends by SIGTERM.
 *
 *     node tools/ci/identity-server.mjs
 */
import { Runnable, Runner, datatypeOf, dtypes } from "bentoml-core";
import { ModelServer } from "bentoml-server";

class Identity extends Runnable {
  /** @override */
  static methods = { identity: {} };

  /** @param {Readonly<Record<"x", import("bentoml-core").NdArray>>} inputs */
  identity({ x }) {
    return x;
  }
}

const runner = new Runner(Identity, { name: "identity", embedded: true });
const models = dtypes.map((dtype) => {
  const spec = (/** @type {string} */ name) => ({ name, dtype, shape: [-1] });
  return { name: `identity_${datatypeOf[dtype]}`, version: "1", runner, method: "identity", inputs: [spec("x")], outputs: [spec("y")], platform: "test" };
});
const server = new ModelServer({ models, ownsRunners: true });
const { url } = await server.listen({ port: 0 });
process.once("SIGTERM", () => void server.close());
console.log(url);
