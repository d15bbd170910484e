import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError, ServiceUnavailableError } from "../errors/index.js";
import { autoContainer, Params, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyCall, anyPayload, contentOf, contentOfPayload, joined } from "./arbitrary-payload.testing.js";
import { decodeCall, decodeReply, defaultFrameLimits, encodeCall, encodeReply, type HeaderRecord, type HttpMessage, type Reply } from "./index.js";

const payloadOf = (value: unknown): Payload => autoContainer.toPayload(value, 0) as Payload;
const lowerCased = ({ headers }: HttpMessage): HeaderRecord => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const sentCall = (call: Params<Payload>): Params<Payload> => {
  const message = encodeCall(call);
  return decodeCall(lowerCased(message), joined(message.body));
};
const sentReply = (reply: Reply): Reply => {
  const message = encodeReply(reply);
  return decodeReply(lowerCased(message), joined(message.body));
};

/** Node's rule for values of headers. */
const headerSafe = /^[\t\x20-\x7e]*$/;

describe("a call", () => {
  test("gives its arguments back, and its headers can be sent", () => {
    fc.assert(
      fc.property(fc.oneof(anyCall, anyPayload.map((payload) => new Params([payload]))), (call) => {
        const { headers } = encodeCall(call);
        for (const value of Object.values(headers)) expect(value).toMatch(headerSafe);
        expect(contentOf(sentCall(call))).toEqual(contentOf(call));
      }),
      { numRuns: 500 },
    );
  });

  test("of one argument is its raw bytes, with its facts in headers", () => {
    const array = NdArray.from([[1, 2], [3, 4]]);
    const { headers, body } = encodeCall(new Params([payloadOf(array)]));
    expect(headers).toEqual({
      "Args-Number": "1",
      "Batch-Size": "2",
      "Content-Type": "application/vnd.bentoml.NdArrayContainer",
      "Payload-Container": "NdArrayContainer",
      "Payload-Meta": '{"dtype":"float32","shape":[2,2]}',
    });
    expect(body).toHaveLength(1);
    expect(body[0]?.buffer).toBe((array.data).buffer);
    expect(encodeCall(new Params([], { x: payloadOf(array) })).headers).toEqual({ ...headers, "Kwarg-Name": "x" });
  });

  test("of one argument with several buffers has each at a multiple of 8 of the body", () => {
    const strings = NdArray.from(["é", "ab"]);
    const { headers, body } = encodeCall(new Params([payloadOf(strings)]));
    expect(headers["Payload-Buffers"]).toBe("12, 4");
    expect(joined(body).byteLength).toBe(16 + 4);
    expect(autoContainer.fromPayload(sentCall(new Params([payloadOf(strings)])).args[0] as Payload)).toEqual(strings);
    const none: Payload = { container: "A", meta: {}, batchSize: 1, buffers: [] };
    expect(encodeCall(new Params([none])).headers["Payload-Buffers"]).toBe("");
    expect(sentCall(new Params([none]))).toEqual(new Params([none]));
  });

  test("of none or several, or whose headers would be long or odd, is a frame", () => {
    const one = payloadOf(1);
    const calls = [
      new Params<Payload>([]),
      new Params([one, one]),
      new Params([one], { t: one }),
      new Params<Payload>([], { "naïve": one }),
      new Params<Payload>([], { "a\r\nb": one }),
      new Params([{ ...one, meta: { names: "x".repeat(5000) } }]),
      new Params([{ ...one, container: "odd name" }]),
      new Params([{ ...one, container: "error" }]),
    ];
    for (const call of calls) {
      expect(encodeCall(call).headers).toEqual({ "Args-Number": String(call.size), "Content-Type": "application/vnd.bentoml.frame" });
      expect(contentOf(sentCall(call))).toEqual(contentOf(call));
    }
  });

  test("may come with another content type, as from curl", () => {
    const headers = { "Args-Number": "1", "payload-container": "NdArrayContainer", "PAYLOAD-META": '{"dtype":"int8","shape":[2]}', "Batch-Size": "2" };
    for (const type of [undefined, "application/octet-stream", "application/vnd.bentoml.NdArrayContainer; charset=utf-8", "Application/Vnd.BentoML.NdArrayContainer"]) {
      const call = decodeCall({ ...headers, "content-type": type }, Uint8Array.of(1, 2));
      expect(autoContainer.fromPayload(call.args[0] as Payload)).toEqual(NdArray.from([1, 2], "int8"));
    }
  });

  const good = { "Args-Number": "1", "Payload-Container": "A", "Payload-Meta": "{}", "Batch-Size": "1" };

  test.each<[string, HeaderRecord, RegExp]>([
    ["no Args-Number", { ...good, "Args-Number": undefined }, /header Args-Number must be a whole number, not undefined/],
    ["an odd Args-Number", { ...good, "Args-Number": "1e3" }, /Args-Number must be a whole number, not "1e3"/],
    ["two arguments without a frame", { ...good, "Args-Number": "2" }, /2 arguments must have the Content-Type application\/vnd\.bentoml\.frame, not undefined/],
    ["a header twice", { ...good, "Batch-Size": ["1", "2"] }, /Batch-Size comes 2 times/],
    ["a header twice in two spellings", { ...good, "batch-size": "1" }, /Batch-Size comes 2 times/],
    ["no Batch-Size", { ...good, "Batch-Size": undefined }, /Batch-Size must be a whole number/],
    ["a Batch-Size below zero", { ...good, "Batch-Size": "-1" }, /Batch-Size must be a whole number, not "-1"/],
    ["no container", { ...good, "Payload-Container": undefined }, /names a container/],
    ["two containers", { ...good, "Content-Type": "application/vnd.bentoml.B" }, /Payload-Container is "A", but Content-Type names "B"/],
    ["no meta", { ...good, "Payload-Meta": undefined }, /Payload-Meta must be JSON in ASCII, not undefined/],
    ["a meta that is not ASCII", { ...good, "Payload-Meta": '{"a":"é"}' }, /Payload-Meta must be JSON in ASCII/],
    ["a meta that is no record", { ...good, "Payload-Meta": "[]" }, /not a JSON record/],
    ["a meta that is too deep", { ...good, "Payload-Meta": `${"[".repeat(40)}${"]".repeat(40)}` }, /33 levels of header, but 32 is the most/],
    ["an odd keyword", { ...good, "Kwarg-Name": "a b" }, /Kwarg-Name must be letters/],
    ["buffers beyond the body", { ...good, "Payload-Buffers": "4, 1" }, /Payload-Buffers has " 1", which is no length that fits the 4 bytes/],
    ["buffers that end before the body", { ...good, "Payload-Buffers": "3" }, /the body has 4 bytes, but Payload-Buffers ends at 3/],
    ["lengths that are none", { ...good, "Payload-Buffers": "4, x" }, /has " x"/],
    ["more buffers than may be", { ...good, "Payload-Buffers": new Array(5000).fill("0").join(",") }, /5000 buffers, but 4096 is the most/],
    ["a longer list of buffers than may be", { ...good, "Payload-Buffers": "0".repeat(2 << 20) }, /characters of Payload-Buffers/],
    ["the type of a reply", { ...good, "Content-Type": "application/vnd.bentoml.error" }, /"application\/vnd\.bentoml\.error" is none of a call/],
  ])("with %s is refused with the reason", (_what, headers, message) => {
    const body = Uint8Array.of(1, 2, 3, 4);
    expect(() => decodeCall(headers, body)).toThrow(InvalidArgumentError);
    expect(() => decodeCall(headers, body)).toThrow(message);
  });

  test("with padding that is not zero, more bytes than may be, or a frame that is another is refused", () => {
    const body = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(() => decodeCall({ ...good, "Payload-Buffers": "4, 1" }, body)).toThrow(/padding between the buffers of the body is not zero/);
    expect(() => decodeCall(good, body, { ...defaultFrameLimits, maxFrameBytes: 8 })).toThrow(/9 bytes, but 8 is the most/);
    const two = encodeCall(new Params([payloadOf(1), payloadOf(2)]));
    expect(() => decodeCall({ ...two.headers, "Args-Number": "3" }, joined(two.body))).toThrow(/Args-Number is 3, but the frame has 2 arguments/);
    const error = encodeReply({ kind: "error", error: new Error("x") });
    expect(() => decodeCall({ "Args-Number": "0", "Content-Type": "application/vnd.bentoml.frame" }, joined(error.body))).toThrow(/not of kind "error"/);
  });
});

describe("a reply", () => {
  test("gives its value or outputs back", () => {
    fc.assert(
      fc.property(fc.array(anyPayload, { maxLength: 3 }), (payloads) => {
        const outputs = sentReply({ kind: "outputs", payloads }) as Extract<Reply, { kind: "outputs" }>;
        expect(outputs.payloads.map(contentOfPayload)).toEqual(payloads.map(contentOfPayload));
        for (const payload of payloads) {
          const value = sentReply({ kind: "value", payload }) as Extract<Reply, { kind: "value" }>;
          expect(contentOfPayload(value.payload)).toEqual(contentOfPayload(payload));
        }
      }),
    );
  });

  test("transmits the batch size, unlike the Python original", () => {
    expect(sentReply({ kind: "value", payload: payloadOf(NdArray.zeros("int8", [7, 1])) })).toMatchObject({ payload: { batchSize: 7 } });
  });

  test("of a value with a long meta is a frame of one", () => {
    const payload = { ...payloadOf(1), meta: { names: "x".repeat(5000) } };
    expect(encodeReply({ kind: "value", payload }).headers).toEqual({ "Content-Type": "application/vnd.bentoml.frame" });
    expect(sentReply({ kind: "value", payload })).toMatchObject({ kind: "value", payload: { meta: payload.meta } });
  });

  test("D3: a pair of outputs is a pair", () => {
    const { headers } = encodeReply({ kind: "outputs", payloads: [payloadOf(1), payloadOf(2)] });
    expect(headers).toEqual({ "Content-Type": "application/vnd.bentoml.multiple_outputs" });
    const { payloads } = sentReply({ kind: "outputs", payloads: [payloadOf(1), payloadOf(2)] }) as Extract<Reply, { kind: "outputs" }>;
    expect(payloads.map((payload) => autoContainer.fromPayload(payload))).toEqual([1, 2]);
  });

  test("of an error has its own type", () => {
    const error = new ServiceUnavailableError("busy", { retryAfterMs: 5 });
    expect(encodeReply({ kind: "error", error }).headers).toEqual({ "Content-Type": "application/vnd.bentoml.error" });
    expect((sentReply({ kind: "error", error }) as { error: unknown }).error).toMatchObject({ name: "ServiceUnavailableError", retryAfterMs: 5 });
  });

  test("D9: a container name survives, though every one of its letters is in the content type's prefix", () => {
    const names = ["bentoml", "pandas.DataFrame", "nd.b", "application", "vnd.bentoml", "ToolContainer", "Loadable", "o-nnx"];
    for (const container of names) {
      const payload = { ...payloadOf(1), container };
      const { headers } = encodeReply({ kind: "value", payload });
      expect(headers["Content-Type"]).toBe(`application/vnd.bentoml.${container}`);
      const { ["Payload-Container"]: _named, ...others } = headers;
      expect(decodeReply(others, new Uint8Array(payload.buffers[0] as Uint8Array))).toMatchObject({ payload: { container } });
    }
  });

  test.each<[string, string | undefined, RegExp]>([
    ["no type", undefined, /Content-Type undefined is none of a reply/],
    ["another type", "text/html", /Content-Type "text\/html" is none of a reply/],
    ["the prefix alone", "application/vnd.bentoml.", /is none of a reply/],
    ["a stream", "application/vnd.bentoml.stream_outputs", /read it with a StreamDecoder/],
    ["a frame of two values", "application/vnd.bentoml.frame", /is one value/],
    ["an error that is none", "application/vnd.bentoml.error", /is a frame of an error, not of kind "payloads"/],
  ])("with %s is refused", (_what, contentType, message) => {
    const { body } = encodeReply({ kind: "outputs", payloads: [payloadOf(1), payloadOf(2)] });
    expect(() => decodeReply({ "content-type": contentType }, joined(body))).toThrow(InvalidArgumentError);
    expect(() => decodeReply({ "content-type": contentType }, joined(body))).toThrow(message);
  });

  test("of outputs with keywords, or of an error where values should be, is refused", () => {
    const named = encodeCall(new Params([payloadOf(1)], { x: payloadOf(1) }));
    expect(() => decodeReply({ "content-type": "application/vnd.bentoml.multiple_outputs" }, joined(named.body))).toThrow(/positions, not keywords/);
    const error = encodeReply({ kind: "error", error: 1 });
    expect(() => decodeReply({ "content-type": "application/vnd.bentoml.multiple_outputs" }, joined(error.body))).toThrow(/not of kind "error"/);
  });
});
