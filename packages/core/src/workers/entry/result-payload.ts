import { ModelRunError } from "../../errors/index.js";
import { defaultRegistry, type Payload } from "../../containers/index.js";

/** A result that cannot be sent is the Runnable's fault, not the caller's: 500, whatever the container says. */
export async function resultPayload(result: unknown, batchDim: number, method: string): Promise<Payload> {
  try {
    return await defaultRegistry.containerOf(result).toPayload(result, batchDim);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelRunError(`Method "${method}" returned a value that cannot be sent: ${reason}`, { code: "INVALID_RESULT", cause });
  }
}
