/** Serves models by the names of the Triton client's page, at the address of a Triton server. */
import { Runner } from "bentoml-core";
import { ModelServer } from "bentoml-server";
import { Resnet, Tagger, Teller } from "./triton-runnables.mjs";

const spec = (/** @type {string} */ name, /** @type {import("bentoml-core").Dtype} */ dtype, /** @type {number[]} */ ...shape) => ({ name, dtype, shape });
const image = { inputs: [spec("input", "float32", -1, 3, 224, 224)], outputs: [spec("output", "float32", -1, 1000)] };
const models = [
  { name: "resnet", method: "run", runner: new Runner(Resnet, { name: "resnet" }), ...image },
  { name: "resnet50", method: "run", runner: new Runner(Resnet, { name: "resnet50" }), ...image },
  { name: "tagger", method: "run", runner: new Runner(Tagger), inputs: [spec("text", "string", -1)], outputs: [spec("scores", "float32", -1, 4)] },
  { name: "llm", method: "tell", runner: new Runner(Teller), inputs: [spec("text_input", "string", 1), spec("stream", "bool", 1)], outputs: [spec("text_output", "string", 1)] },
];

const server = new ModelServer({ models: models.map((model) => ({ ...model, version: "1", platform: "python" })) });
await server.listen({ port: Number(process.env["DOCS_TRITON_PORT"]) });
