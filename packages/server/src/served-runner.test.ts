import { InvalidArgumentError, NdArray, Runnable, Runner, type NamedTensors, type TensorSpec } from "bentoml-core";
import { expect, test } from "vitest";
import { send } from "./testing/http-client.js";
import { goodBody, serve } from "./testing/served-fixtures.js";

class Doubler extends Runnable {
  static override readonly methods = { run: { batchable: true, batchDim: 0 } };

  run({ x }: NamedTensors): NdArray {
    const { shape, data } = x as NdArray<"float32">;
    return new NdArray(
      "float32",
      shape,
      data.map((value) => value * 2),
    );
  }
}

const rows: TensorSpec = { name: "x", dtype: "float32", shape: ["batch", 2] };

test("a runner of core answers, in this thread, and its prepare's errors are the client's", async () => {
  await using runner = new Runner(Doubler, {
    name: "doubler",
    prepare: (params) => {
      const [inputs] = params.args as [NamedTensors];
      if (inputs["x"] === undefined) throw new InvalidArgumentError('input "x" is missing');
      return params;
    },
  });
  await runner.initLocal({ quiet: true });
  const model = { name: "double", version: "1", runner, method: "run", inputs: [rows], outputs: [{ ...rows, name: "y" }], platform: "test" };
  await using server = await serve([model]);
  const path = "/v2/models/double/infer";
  expect((await send(server.port, { path, body: goodBody })).json()).toMatchObject({ outputs: [{ name: "y", shape: [1, 2], data: [2, 5] }] });
  const refused = await send(server.port, { path, body: { inputs: [{ name: "q", shape: [1], datatype: "FP32", data: [1] }] } });
  expect([refused.status, refused.json()]).toEqual([400, { error: 'input "x" is missing' }]);
  expect((await send(server.port, { path: "/readyz" })).status).toBe(200);
  await runner.destroy();
  expect((await send(server.port, { path: "/readyz" })).status).toBe(503);
  expect((await send(server.port, { path: "/livez" })).status).toBe(200);
});
