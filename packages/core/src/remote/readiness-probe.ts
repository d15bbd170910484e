import type { Clock } from "../clock/index.js";
import { headerOf, type HeaderRecord } from "../frames/index.js";
import { RUNNER_PROTOCOL_VERSION, runnerHeaders } from "./runner-protocol.js";
import type { Exchange, OutgoingRequest, Transport } from "./transport.js";

/** True when the request is answered with 200 by a runner server of our version, within `timeoutMs`. Never rejects. */
export function probe(transport: Transport, clock: Clock, request: OutgoingRequest, timeoutMs: number, onHead?: (headers: HeaderRecord) => void): Promise<boolean> {
  return new Promise((resolve) => {
    let isReady = false;
    // Waiting in the background does not keep the process alive.
    const cancel = clock.at(clock.now() + timeoutMs, () => end(false), true);
    const end = (answer: boolean): void => {
      cancel();
      resolve(answer);
      if (!answer) exchange?.abort();
    };
    let exchange: Exchange | undefined = undefined;
    exchange = transport.send(request, {
      sent: () => undefined,
      answered: (status, headers) => {
        isReady = status === 200 && isOurs(headers);
        onHead?.(headers);
      },
      arrived: () => undefined,
      ended: () => end(isReady),
      failed: () => end(false),
    });
  });
}

function isOurs(headers: HeaderRecord): boolean {
  return headerOf(headers, runnerHeaders.wireVersion) === String(RUNNER_PROTOCOL_VERSION);
}
