import { isBentoMLError } from "bentoml-core";

/** What a call was refused with. */
export interface Refusal {
  readonly name: string;
  readonly status: number;
  /** The server's own words. */
  readonly text: string;
}

/** @throws Error when the call is not refused, or not with an error of ours. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isBentoMLError(error)) throw new Error("The call should have been refused by a BentoMLError.", { cause: error });
  return { name: error.name, status: error.httpStatus, text: error.cause instanceof Error ? error.cause.message : error.message };
}
