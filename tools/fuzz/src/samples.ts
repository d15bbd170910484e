import { InvalidArgumentError, NdArray, Params, ServiceUnavailableError, autoContainer, type Frame, type Payload } from "bentoml-core";

const values: readonly unknown[] = [
  NdArray.from([[1, 2, 3], [4, 5, 6]]),
  NdArray.from([true, false, true]),
  NdArray.from([1n, -2n]),
  NdArray.from([1, 2, 3], "float16"),
  NdArray.from(["", "é", "naïve 🎉"]),
  NdArray.zeros("float64", [0, 3]),
  NdArray.zeros("uint8", []),
  { x: NdArray.from([[1], [2]]), names: NdArray.from(["a", "b"]) },
  ["a", 1, null, undefined, NaN, 2n ** 70n, new Date(0)],
  { nested: { list: [new Map([["k", Float32Array.of(1, 2)]]), new Set([1])] }, array: NdArray.from([1, 2]) },
  { $: "tag", ["__proto__"]: 1 },
  0.7,
  "text",
];

/** Payloads of all built-in containers. */
export const samplePayloads: readonly Payload[] = values.map((value) => autoContainer.toPayload(value, 0) as Payload);

const payload = (index: number): Payload => samplePayloads[index % samplePayloads.length] as Payload;

/** Frames of all kinds. */
export const sampleFrames: readonly Frame[] = [
  ...samplePayloads.map((sample): Frame => ({ kind: "payloads", payloads: new Params([sample]) })),
  { kind: "payloads", payloads: new Params<Payload>([]) },
  { kind: "payloads", payloads: new Params([payload(0), payload(4)], { t: payload(11), "naïve": payload(8) }) },
  { kind: "payloads", payloads: new Params<Payload>([], { x: payload(7) }) },
  { kind: "error", error: new InvalidArgumentError("x is wrong") },
  { kind: "error", error: new ServiceUnavailableError("busy", { retryAfterMs: 5 }) },
  { kind: "error", error: new RangeError("odd") },
  { kind: "end" },
];
