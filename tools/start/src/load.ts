import type { DigitSet } from "@bentoml-tools/digits";
import { Pool } from "undici";
import { inferBody, likeliestDigit } from "./infer-body.js";

/** What to send, and where to. */
export interface Load {
  readonly url: string;
  readonly digits: DigitSet;
  /** How often each image is sent. */
  readonly rounds: number;
  readonly inFlight: number;
  readonly onAnswer?: (answered: number) => void;
}

/** What came back. */
export interface LoadResult {
  readonly requests: number;
  /** Answers that name the digit which the image shows. */
  readonly right: number;
  readonly durationMs: number;
  /** One for each request, in the order of the answers. */
  readonly latenciesMs: Float64Array;
}

const path = "/v2/models/digits/infer";

/** Sends every image `rounds` times as JSON, each request on its own, so many at a time. Rejects at the first that fails. */
export async function sendLoad({ url, digits, rounds, inFlight, onAnswer }: Load): Promise<LoadResult> {
  const bodies = Array.from({ length: digits.count }, (_, index) => inferBody(digits, index));
  const requests = rounds * digits.count;
  const latenciesMs = new Float64Array(requests);
  const pool = new Pool(url, { connections: inFlight });
  let sent = 0;
  let answered = 0;
  let right = 0;
  const lane = async (): Promise<void> => {
    while (sent < requests) {
      const index = sent++ % digits.count;
      const startedAt = performance.now();
      const { statusCode, body } = await pool.request({ path, method: "POST", body: bodies[index] ?? "" });
      const answer = await body.text();
      latenciesMs[answered++] = performance.now() - startedAt;
      if (statusCode !== 200) throw new Error(`A request was answered ${statusCode}: ${answer.slice(0, 200)}`);
      if (likeliestDigit(answer) === digits.labels[index]) right++;
      onAnswer?.(answered);
    }
  };
  const startedAt = performance.now();
  try {
    await Promise.all(Array.from({ length: Math.min(inFlight, requests) }, lane));
    return { requests, right, durationMs: performance.now() - startedAt, latenciesMs };
  } finally {
    await pool.destroy();
  }
}
