import { measureAccuracy, modelPath, readHeldOut, type DigitSet } from "@bentoml-tools/digits";
import { batchCounts, meanBatchSize, type BatchCounts } from "./batch-metrics.js";
import { sendLoad, type LoadResult } from "./load.js";
import { percentile } from "./percentile.js";
import type { ResultRow } from "./result-table.js";

/** Fewer right answers than this mean that something is broken, 0..1. */
const LEAST_ACCURACY = 0.97;

/** How the server did. */
export interface Measurement {
  readonly digits: DigitSet;
  readonly load: LoadResult;
  readonly inFlight: number;
  /** Items. */
  readonly meanBatch: number;
  /** Shares 0..1 of right answers, of the server and of the engine alone on the same images. */
  readonly servedAccuracy: number;
  readonly engineAccuracy: number;
}

/** Share of the requests that are sent before the measurement: both processes compile what they run often. */
const WARM_UP_SHARE = 0.1;

/** Asks a server for the held-out digits, one image a request. */
export async function measure(
  url: string,
  { requests, inFlight, onAnswer }: { requests: number; inFlight: number; onAnswer: (answered: number, total: number) => void },
): Promise<Measurement> {
  const digits = readHeldOut();
  const rounds = Math.ceil(requests / digits.count);
  await sendLoad({ url, digits, rounds: Math.ceil(rounds * WARM_UP_SHARE), inFlight });
  const before = await readBatches(url);
  const load = await sendLoad({ url, digits, rounds, inFlight, onAnswer: (answered) => onAnswer(answered, rounds * digits.count) });
  const meanBatch = meanBatchSize(before, await readBatches(url));
  const engineAccuracy = await measureAccuracy(modelPath, digits);
  return { digits, load, inFlight, meanBatch, servedAccuracy: load.right / load.requests, engineAccuracy };
}

/** What is wrong with the answers, or undefined. */
export function complaint({ servedAccuracy, engineAccuracy }: Pick<Measurement, "servedAccuracy" | "engineAccuracy">): string | undefined {
  if (Math.abs(servedAccuracy - engineAccuracy) > 1e-9) {
    return `The server's accuracy of ${percent(servedAccuracy)} is not that of the engine alone, ${percent(engineAccuracy)}.`;
  }
  if (servedAccuracy < LEAST_ACCURACY) return `The accuracy of ${percent(servedAccuracy)} is under ${percent(LEAST_ACCURACY)}.`;
  return undefined;
}

/** The rows of the table that people see. */
export function resultRows({ digits, load, inFlight, meanBatch, servedAccuracy, engineAccuracy }: Measurement): ResultRow[] {
  const { requests, durationMs, latenciesMs } = load;
  const count = (number: number): string => Math.round(number).toLocaleString("en");
  return [
    ["accuracy, served", percent(servedAccuracy), `of ${digits.count} digits it never saw, over HTTP in JSON`],
    ["accuracy, engine alone", percent(engineAccuracy), "the same digits in onnxruntime-node, no server"],
    ["requests per second", count(requests / (durationMs / 1000)), `${count(requests)} requests, ${inFlight} in flight`],
    ["latency p50", milliseconds(percentile(latenciesMs, 50)), ""],
    ["latency p99", milliseconds(percentile(latenciesMs, 99)), ""],
    ["mean batch", meanBatch.toFixed(1), "requests that the model answered in one run"],
  ];
}

async function readBatches(url: string): Promise<BatchCounts> {
  const response = await fetch(`${url}/metrics`);
  return batchCounts(await response.text());
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}
