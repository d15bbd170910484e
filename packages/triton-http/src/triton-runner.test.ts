import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { InvalidArgumentError, NdArray } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TritonClient } from "./triton-client.js";
import { fromServer, TritonRunner } from "./triton-runner.js";

/** As MLServer is: JSON alone, no repository, no configurations, and no word about bytes that it cannot read. */

let server: Server;
let url: string;
let asked: string[] = [];

const answers: Readonly<Record<string, unknown>> = {
  "/v2": { name: "plain", version: "1", extensions: [] },
  "/v2/models/m": { name: "m", inputs: [{ name: "x", datatype: "FP32", shape: [-1] }], outputs: [{ name: "y", datatype: "FP32", shape: [-1] }] },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url: path = "", headers } = request;
    asked.push(path);
    void text(request).then((body) => {
      if (path === "/v2/models/m/infer" && headers["inference-header-content-length"] !== undefined) return response.writeHead(500).end("Internal Server Error");
      if (path === "/v2/models/m/infer") {
        const [{ data }] = (JSON.parse(body) as { inputs: [{ data: number[] }] }).inputs;
        return response.end(JSON.stringify({ model_name: "m", outputs: [{ name: "y", datatype: "FP32", shape: [data.length], data }] }));
      }
      const answer = answers[path];
      return response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { detail: "Not Found" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const x = NdArray.from([1, 2.5]);

describe("a server that does not list binary tensors", () => {
  test("gets JSON from runners, and is asked once", async () => {
    const runner = await fromServer(url, { models: ["m"] });
    asked = [];
    expect(await runner.methods["m"]?.(x)).toEqual(x);
    expect(await runner.methods["m"]?.(x)).toEqual(x);
    expect(asked.filter((path) => path === "/v2")).toHaveLength(1);
    await runner.destroy();
  });

  test("gets bytes where the encoding is given, and its refusal is told as it came", async () => {
    const runner = await fromServer(url, { models: ["m"], client: { encoding: "binary" } });
    await expect(runner.methods["m"]?.(x)).rejects.toThrow(/was answered with 500: Internal Server Error$/);
    await runner.destroy();
  });

  test("gets bytes from a client, whose error then says what to change", async () => {
    const client = new TritonClient(url);
    await expect(client.infer("m", { x })).rejects.toThrow('give the client { encoding: "json" }');
    await client.close();
    const told = new TritonClient(url, { encoding: "json" });
    expect((await told.infer("m", { x })).asNdArray("y")).toEqual(x);
    await told.close();
  });
});

test("what is no inference server is told so", async () => {
  const page = createServer((_request, response) => void response.end("<html>")).listen(0, "127.0.0.1");
  await once(page, "listening");
  const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  await expect(fromServer(address)).rejects.toThrow(`check that ${address} is the url of an inference server`);
  page.close();
  page.closeAllConnections();
});

test("a server without a list of its models must be told their names", async () => {
  const refused = fromServer(url);
  await expect(refused).rejects.toThrow(InvalidArgumentError);
  await expect(refused).rejects.toThrow('fromServer(url, { models: ["resnet"] })');
});

test.each([
  ["a url", { url: "ftp://127.0.0.1", models: { m: { modelName: "m" } } }, /url .* "ftp:/],
  ["options of the client", { url: "127.0.0.1:1", models: { m: { modelName: "m" } }, client: { retries: -1 } }, /retries of a Triton client is -1/],
  ["no models", { url: "127.0.0.1:1", models: {} }, /at least one model/],
])("what cannot be met is refused at once: %s", (_what, options, message) => {
  expect(() => new TritonRunner(options)).toThrow(message);
});
