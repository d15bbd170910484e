/** The service of pages that serve one and do not say which. */
import type { NdArray } from "bentoml-core";
import { get } from "bentoml-onnx";
import { Service, io } from "bentoml-server";

const runner = get("digits:latest").toRunner();

export const svc = new Service("digits", { runners: [runner] });

svc.api("scores", { input: io.ndarray({ dtype: "float32", shape: [-1, 1, 8, 8] }), output: io.ndarray() }, async (image, { callOptions }) => {
  return (await runner.run.with(callOptions)(image)) as NdArray;
});
