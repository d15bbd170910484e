import type { Socket } from "node:net";
import type { FromProcess, ToProcess } from "../supervision/messages.js";
import type { EventLog } from "../serve/event-log.js";

/** Signals to the whole group, such as Ctrl-C, are the supervisor's business: it tells its processes to finish. */
const SIGNALS_OF_THE_GROUP = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Listener = (message: ToProcess, socket: Socket | undefined) => void;

/** The line to the supervisor. When it breaks, the supervisor is gone. */
export class ParentLine {
  /** Tells the supervisor's log. */
  readonly log: EventLog = {
    tell: (text) => this.send({ type: "event", isWarning: false, text }),
    warn: (text) => this.send({ type: "event", isWarning: true, text }),
  };

  constructor(onMessage: Listener, onGone: () => void) {
    for (const signal of SIGNALS_OF_THE_GROUP) process.on(signal, () => undefined);
    process.on("message", (message: ToProcess, socket: unknown) => onMessage(message, socket as Socket | undefined));
    process.once("disconnect", onGone);
  }

  send(message: FromProcess): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }

  /** Resolves when it is sent. */
  sent(message: FromProcess): Promise<void> {
    return new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
  }
}
