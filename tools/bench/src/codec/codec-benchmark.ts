import { NdArray, Params, autoContainer, decodeFrame, encodeFrame, type Payload } from "bentoml-core";
import { compareRow, type RoundValues, type Row } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { reportResults } from "../results.js";

interface Task {
  readonly row: Row;
  readonly work: () => unknown;
}

/** Calls between two looks at the clock. */
const callsPerTurn = 1000;
const shape = [1, 3, 224, 224];

/** What a frame costs beside its tensor, which nobody copies: CPU time of this thread for writing and for reading it. */
export function benchmarkCodec({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const payload = autoContainer.toPayload(NdArray.zeros("float32", shape), 0) as Payload;
  const payloads = new Params([payload]);
  const bytes = Buffer.concat(encodeFrame({ kind: "payloads", payloads }));
  const frame = new Uint8Array(new ArrayBuffer(bytes.byteLength));
  frame.set(bytes);
  const target = { atMost: 2 };
  const tasks: Task[] = [
    { row: { name: "encode 600 kB of float32 as parts, less an empty call", unit: "µs", kind: "difference", target }, work: () => encodeFrame({ kind: "payloads", payloads }) },
    { row: { name: "decode 600 kB of float32 to views, less an empty call", unit: "µs", kind: "difference", target }, work: () => decodeFrame(frame) },
  ];
  const compared = tasks.map(({ row, work }) => {
    microsPerCall(work, 0.2);
    const values: RoundValues[] = [];
    for (let round = 0; round < rounds; round++) values.push({ ours: microsPerCall(work, seconds), other: microsPerCall(() => undefined, 0.2) });
    return compareRow(row, values);
  });
  reportResults("codec", { rounds, "seconds each": seconds, tensor: `float32 [${shape.join(", ")}]` }, compared);
  return Promise.resolve();
}

function microsPerCall(work: () => unknown, seconds: number): number {
  const end = performance.now() + seconds * 1000;
  const begun = process.cpuUsage();
  let calls = 0;
  for (; performance.now() < end; calls += callsPerTurn) for (let call = 0; call < callsPerTurn; call++) work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / calls;
}
