/** A law that the adapter does not keep. The message says what was seen and what its author should do. */
export class AdapterContractError extends Error {
  /** Always "AdapterContractError". */
  override readonly name: string = "AdapterContractError";
}

/** Fails the check unless the condition holds. */
export function holds(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AdapterContractError(message);
}

/** Fails the check. */
export function broken(message: string, cause?: unknown): never {
  throw new AdapterContractError(message, cause === undefined ? undefined : { cause });
}

/** An error or anything else that was thrown, in one line. */
export function shown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `${typeof thrown} ${String(thrown)}`;
}
