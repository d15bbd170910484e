import { readFileSync, readdirSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

/** As libvips names each of its threads (`vips_threadset_add_thread` in libvips 8.18). */
const DECODER_NAME = "libvips worker";
/** libvips makes threads when it needs them, and ends those that were idle for 15 s. */
const LOOK_EVERY_MS = 1_000;

/** What is read and set; tests give their own. */
export interface ThreadList {
  /** Ids of the threads of this process. */
  ids(): readonly number[];
  nameOf(id: number): string;
  nicenessOf(id: number): number;
  setNiceness(id: number, niceness: number): void;
}

const threadsOfLinux: ThreadList = {
  ids: () => readdirSync("/proc/self/task").map(Number),
  nameOf: (id) => readFileSync(`/proc/self/task/${String(id)}/comm`, "latin1").trim(),
  nicenessOf: getPriority,
  setNiceness: setPriority,
};

/**
 * Gives libvips' threads a niceness: that of the worker for which they decode, or more than that of a main thread which runs the recipe
 * itself. They are made by libuv's threads, which have that of the whole process, and take most of an image's processor time: the thread that
 * hands the images out, and V8's that collect its garbage, would have to share the cores with them. Whoever uses sharp beside the runner uses
 * the same threads.
 */
export class DecoderThreads {
  #seen: ReadonlySet<number> = new Set();
  #nextLook = 0;

  constructor(
    private readonly niceness: number,
    private readonly threads: ThreadList = threadsOfLinux,
  ) {}

  /** Looks for threads that are new, if the last look was a second ago. */
  giveWay(now: number = performance.now()): void {
    if (now < this.#nextLook) return;
    this.#nextLook = now + LOOK_EVERY_MS;
    const ids = this.threads.ids();
    for (const id of ids) if (!this.#seen.has(id)) this.#lower(id);
    this.#seen = new Set(ids);
  }

  #lower(id: number): void {
    try {
      if (this.threads.nameOf(id) === DECODER_NAME && this.threads.nicenessOf(id) < this.niceness) this.threads.setNiceness(id, this.niceness);
    } catch {
      // It has ended meanwhile, or a sandbox forbids it. The images are the same.
    }
  }
}

/**
 * For this thread, to which they give way by so many steps more than it does itself; undefined when they give way to nobody, and where a thread has
 * no niceness of its own.
 */
export function decoderThreads(steps: number): DecoderThreads | undefined {
  if (process.platform !== "linux") return undefined;
  const niceness = Math.min(getPriority(0) + steps, constants.priority.PRIORITY_LOW);
  return niceness > getPriority(process.pid) ? new DecoderThreads(niceness) : undefined;
}
