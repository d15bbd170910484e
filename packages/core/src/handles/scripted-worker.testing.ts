import { defaultRegistry, type Payload } from "../containers/index.js";
import type { LinkEvents, WorkerLink } from "../workers/index.js";

/** What a worker is told. */
export type Sent = Parameters<WorkerLink["post"]>[0];

/** A worker that does what the test says. */
export class ScriptedWorker implements WorkerLink {
  readonly sent: Sent[] = [];
  held = true;

  constructor(
    readonly events: LinkEvents,
    /** Told of each batch. */
    private readonly onRun: (run: Extract<Sent, { type: "run" }>, worker: ScriptedWorker) => void = () => undefined,
  ) {}

  post(message: Sent): void {
    this.sent.push(message);
    if (message.type === "run") this.onRun(message, this);
    if (message.type === "close") this.events.ended("it exited with code 0");
  }

  pump(): void {
    // No test blocks.
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
  }

  tryEnd(): boolean {
    this.events.ended("it was ended");
    return true;
  }

  get batch(): number {
    const run = this.sent.findLast((message) => message.type === "run");
    return run?.type === "run" ? run.batch : -1;
  }

  get runs(): number {
    return this.sent.filter(({ type }) => type === "run").length;
  }

  done(batch: number, value: unknown): void {
    this.events.message({ type: "done", batch, result: payloadOf(value) });
  }

  item(value: unknown): void {
    this.events.message({ type: "item", batch: this.batch, item: payloadOf(value) });
  }

  ended(): void {
    this.events.message({ type: "ended", batch: this.batch });
  }
}

function payloadOf(value: unknown): Payload {
  return defaultRegistry.containerOf(value).toPayload(value, 0) as Payload;
}
