import type { EventLog } from "../serve/event-log.js";
import { BackOff } from "./back-off.js";
import type { ReadyMessage } from "./messages.js";
import type { ServingProcess } from "./serving-process.js";

/** What a slot needs of the supervisor. */
export interface SlotSetting {
  /** What it does, for the log. */
  readonly name: string;
  readonly log: EventLog;
  start(): ServingProcess;
  /** This one serves from now on. */
  onServing(process: ServingProcess): void;
  /** This one serves no more: it ended, or another one takes its place. */
  onGone(process: ServingProcess): void;
}

/** The place of one process: started again when it ends by itself, replaced without a gap when that is asked for. */
export class ProcessSlot {
  readonly #setting: SlotSetting;
  readonly #backOff: BackOff = new BackOff();
  /** All that live: the one that serves, one that starts beside it, those that finish what they had. */
  readonly #alive: Set<ServingProcess> = new Set();
  #serving: ServingProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #hasServed = false;
  #isStopping = false;

  constructor(setting: SlotSetting) {
    this.#setting = setting;
  }

  /** Those that can be asked for something. */
  get alive(): readonly ServingProcess[] {
    return [...this.#alive];
  }

  /** Starts the first one. Rejects when it does not get ready. */
  begin(): { readonly process: ServingProcess; readonly ready: Promise<ReadyMessage> } {
    const process = this.#start();
    const ready = this.#serve(process);
    // Whoever waits for it hears of it; a start that fails elsewhere waits for nothing more.
    ready.catch(() => undefined);
    return { process, ready };
  }

  /** Starts another one; when it is ready it takes the place of the one that serves, which finishes what it has. Rejects and changes nothing when it does not get ready. */
  async replace(graceMs: number, onStarted: (process: ServingProcess) => void = () => undefined): Promise<void> {
    const process = this.#start();
    onStarted(process);
    await process.ready;
    clearTimeout(this.#restart);
    const before = this.#serving;
    this.#serving = process;
    this.#backOff.ready();
    this.#setting.onServing(process);
    if (before === undefined) return;
    this.#setting.onGone(before);
    before.send({ type: "retire", graceMs });
  }

  /** They will be stopped: whoever asks them is told to go elsewhere next time. */
  leave(): void {
    for (const process of this.#alive) process.send({ type: "leave" });
  }

  /** Resolves when all have ended. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    for (const process of this.#alive) process.send({ type: "stop", graceMs });
    await Promise.all([...this.#alive].map(({ ended }) => ended));
  }

  kill(): void {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    for (const process of this.#alive) process.kill();
  }

  #start(): ServingProcess {
    const process = this.#setting.start();
    this.#alive.add(process);
    void process.ended.then((reason) => this.#ended(process, reason));
    return process;
  }

  async #serve(process: ServingProcess): Promise<ReadyMessage> {
    this.#serving = process;
    const ready = await process.ready;
    this.#hasServed = true;
    this.#backOff.ready();
    this.#setting.onServing(process);
    return ready;
  }

  #ended(process: ServingProcess, reason: string): void {
    this.#alive.delete(process);
    if (process !== this.#serving) return;
    this.#serving = undefined;
    this.#setting.onGone(process);
    // One that never got ready is told to whoever began it.
    if (this.#isStopping || !this.#hasServed) return;
    const { name, log } = this.#setting;
    const delayMs = this.#backOff.ended();
    log.warn(`${name} ended (${reason}) and is started again${delayMs < 1_000 ? "" : ` in ${Math.round(delayMs / 1000)} s`}`);
    this.#restart = setTimeout(() => this.#again(), delayMs);
  }

  #again(): void {
    const { name, log } = this.#setting;
    this.#serve(this.#start()).then(
      () => log.tell(`${name} is ready again`),
      // Its end is told, and starts the next one.
      () => undefined,
    );
  }
}
