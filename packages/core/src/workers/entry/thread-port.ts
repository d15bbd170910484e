import type { Bell, FromWorker, RunBatch, ThreadStart, WorkerOrder } from "../wire/index.js";
import { forTransfer } from "./transfer-list.js";
import type { WorkerPort } from "./worker-port.js";

/** The line of a thread: a message port, and the bell that is rung with each message. */
export class ThreadPort implements WorkerPort<RunBatch> {
  constructor(
    private readonly port: ThreadStart["port"],
    private readonly bell: Bell,
  ) {}

  listen(receive: (message: RunBatch | WorkerOrder) => void): void {
    this.port.on("message", receive);
  }

  send(message: FromWorker, mustStay: (memory: ArrayBufferLike) => boolean = () => false): void {
    this.#post(message, mustStay);
    this.bell.ring();
  }

  release(): void {
    this.port.close();
  }

  close(): void {
    this.port.close();
  }

  #post(message: FromWorker, mustStay: (memory: ArrayBufferLike) => boolean): void {
    if (message.type === "done") {
      const { payload: result, transfer } = forTransfer(message.result, mustStay);
      this.port.postMessage({ ...message, result }, transfer);
    } else if (message.type === "item") {
      const { payload: item, transfer } = forTransfer(message.item, mustStay);
      this.port.postMessage({ ...message, item }, transfer);
    } else this.port.postMessage(message);
  }
}
