import { DataContainerBase, isBentoMLError, registerContainer, type Payload } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { openSocket, readToEnd, send, type TestRequest } from "../testing/http-client.js";
import { callOf, errorOf, oneRow, plain } from "../testing/runner-requests.js";
import { SampleServer, runnerOfOneItem } from "../testing/sample-runner.js";

describe("defects of the original", () => {
  test("D2: an error of the runner's code is answered at once, with its name and message, and told to the log", async () => {
    const told: unknown[] = [];
    await using server = await SampleServer.start({ onUnexpectedError: (error, { endpoint }) => told.push([(error as Error).message, endpoint]) });
    // Were it late, it would be so by the time limit of a call, which is 900 s.
    const answer = await send(server.port, callOf("/fail", plain('{"name":"RangeError","message":"no such row"}')));
    expect(answer.status).toBe(500);
    expect(errorOf(answer)).toMatchObject({ name: "RangeError", message: "no such row" });
    expect(told).toEqual([["no such row", "/fail"]]);
  });

  test("D4: a runner whose batches are of one item starts, and has its metrics", async () => {
    await using server = await SampleServer.start();
    await using alone = new SampleServer({ runner: { ...runnerOfOneItem(server), name: "alone" } });
    const { url } = await alone.server.listen({ port: 0 });
    const answer = await fetch(`${url}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("bentoml_runner_adaptive_batch_size")]);
  });

  const malformed: [string, TestRequest, number][] = [
    ["no Args-Number", { path: "/double", body: "x" }, 400],
    ["an Args-Number that is none", { path: "/double", headers: { "Args-Number": "many" }, body: "x" }, 400],
    ["no container", { path: "/double", headers: { "Args-Number": "1", "Payload-Meta": "{}", "Batch-Size": "1" }, body: "x" }, 400],
    ["an unknown container", callOf("/double", { ...oneRow, container: "FrameOfNobody" }), 404],
    ["meta that is no JSON", callOf("/double", oneRow, { "Payload-Meta": "{" }), 400],
    ["meta that contradicts the body", callOf("/double", oneRow, { "Payload-Meta": '{"dtype":"float32","shape":[9,9]}' }), 400],
    ["a dtype that is none", callOf("/double", oneRow, { "Payload-Meta": '{"dtype":"float33","shape":[1,2]}' }), 400],
    ["a body that is no JSON", callOf("/echo", plain("{{")), 400],
    ["a body that is no UTF-8", callOf("/echo", { ...plain(""), buffers: [Buffer.from([0x22, 0xff, 0x22])] }), 400],
    ["garbage for a frame", { path: "/echo", headers: { "Args-Number": "2", "Content-Type": "application/vnd.bentoml.frame" }, body: "garbage, more than 16 bytes of it" }, 400],
    ["a frame for several arguments that is missing", { path: "/echo", headers: { "Args-Number": "2" }, body: "x" }, 400],
    ["a compressed body", callOf("/double", oneRow, { "Content-Encoding": "gzip" }), 415],
    ["a time limit that is none", callOf("/double", oneRow, { "Bento-Timeout-Ms": "soon" }), 400],
    ["an expectation", { path: "/double", method: "POST", headers: { Expect: "200-ok" } }, 417],
  ];
  test.each(malformed)("D11: %s is the client's fault, and says why", async (_what, request, status) => {
    await using server = await SampleServer.start();
    const answer = await send(server.port, request);
    expect(answer.status).toBe(status);
    const error = errorOf(answer);
    expect([isBentoMLError(error), error.httpStatus, error.message.length > 10]).toEqual([true, status, true]);
  });

  test("D11: so is what the container of an adapter fails on, in whatever way", async () => {
    registerContainer(Clumsy, Clumsy, new ClumsyContainer());
    await using server = await SampleServer.start();
    for (const how of ["now", "later"]) {
      const answer = await send(server.port, callOf("/echo", { ...plain("x"), container: "ClumsyContainer", meta: { how } }));
      expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringMatching(/^argument 0 cannot be read: .*undefined/)]);
    }
  });

  test("D11: what is no HTTP is a frame as well", async () => {
    await using server = await SampleServer.start();
    const socket = await openSocket(server.port);
    socket.write("hello\r\n\r\n");
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/vnd\.bentoml\.error\r\n[^]*BMLF/);
  });
});

class Clumsy {
  readonly isClumsy = true;
}

/** Trusts what it reads. */
class ClumsyContainer extends DataContainerBase<Clumsy, Clumsy> {
  readonly name = "ClumsyContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(): never {
    throw new Error("not joined");
  }

  batchToBatches(): never {
    throw new Error("not split");
  }

  toPayload(): Payload {
    return { container: this.name, meta: {}, batchSize: 1, buffers: [] };
  }

  fromPayload({ meta }: Payload): Clumsy | Promise<Clumsy> {
    const fail = (): Clumsy => (undefined as unknown as { read(): Clumsy }).read();
    return meta["how"] === "now" ? fail() : Promise.resolve().then(fail);
  }
}
