import { BentoMLError, InvalidModelError, ServiceUnavailableError } from "bentoml-core";
import { expect, test } from "vitest";
import { fakeModel } from "../testing/fake-runner.js";
import { send } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import { withoutPaths } from "./host-paths.js";

test.each([
  ["Last reason: Cannot find module '/srv/app/node_modules/x/index.js' imported", "Last reason: Cannot find module '(a path on the server)' imported"],
  ["at file:///srv/app/model.js:3:1", "at (a path on the server)"],
  ["Load model from /home/ann/.bentoml/models/digits/v1/saved.onnx failed", "Load model from (a path on the server) failed"],
  ["cannot open C:\\models\\digits\\model.onnx", "cannot open (a path on the server)"],
  ["runner at http://10.0.0.7:3000/double/one is gone", "runner at http://10.0.0.7:3000/double/one is gone"],
  ["1/2 of 3 and/or 4 ms/row", "1/2 of 3 and/or 4 ms/row"],
])("%s", (message, expected) => {
  expect(withoutPaths(message)).toBe(expected);
});

test("no answer tells where files lie on the host: calls, loads and the index", async () => {
  const reason = "Cannot find module '/srv/app/model.js'";
  const failing = fakeModel("bad", doubling().inputs, doubling().outputs, () => {
    throw new ServiceUnavailableError(`Runner "bad" cannot be reached: ${reason}`);
  });
  const repository = {
    list: async () => [{ name: "broken", version: "v1" }],
    open: async () => Promise.reject(new InvalidModelError(`/srv/models/broken is damaged: ${reason}`, { httpStatus: 400 })),
  };
  const logged: unknown[] = [];
  await using server = await serve([failing], { repository, ownsRunners: true, onUnexpectedError: (error) => logged.push(error) });
  const answers = [
    await send(server.port, { path: "/v2/models/bad/infer", body: goodBody }),
    await send(server.port, { path: "/v2/repository/models/broken/load", method: "POST" }),
    await send(server.port, { path: "/v2/repository/index", method: "POST" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([503, 400, 200]);
  for (const { text } of answers) expect(text).not.toMatch(/\/srv/);
  expect(logged).toEqual([expect.objectContaining({ message: expect.stringContaining("/srv/models/broken") as string })]);
  expect(logged[0]).toBeInstanceOf(BentoMLError);
});
