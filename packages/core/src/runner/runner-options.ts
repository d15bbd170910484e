import { InvalidArgumentError } from "../errors/index.js";
import { shown, type BatchingStrategy, type Configuration } from "../configuration/index.js";
import type { Params } from "../containers/index.js";
import type { StoredModel } from "../models/index.js";
import type { ResourceRequest } from "../resources/index.js";
import type { Strategy } from "./strategy.js";

/** Batching of one method. What is left out comes from the configuration; by default it is adaptive, with 100 items and 60,000 ms. */
export interface MethodBatching {
  /**
   * When batches are started. "adaptive" measures, and waits only where that pays. "fixed" waits until a batch is full, or its first call
   * has waited for `maxQueueDelayMs`. "off" runs every call by itself.
   */
  readonly batchingStrategy?: BatchingStrategy;
  /** Most items in one batch. */
  readonly maxBatchSize?: number;
  /** A call that cannot be answered within so many ms is refused with 503. */
  readonly maxLatencyMs?: number;
  /**
   * For the strategy "fixed": how long a call may wait for others, ms. With 0 a free worker takes at once what waits. Default: as long as
   * `maxLatencyMs` allows, which must be chosen then.
   */
  readonly maxQueueDelayMs?: number;
}

/**
 * Makes the arguments of a call what the method takes, in the caller's thread, before they go anywhere: pure, without any
 * native library. What it throws reaches that caller alone and never a batch.
 */
export type Prepare = (params: Params, methodName: string) => Params;

/** How a runner is made and run. */
export interface RunnerOptions extends MethodBatching {
  /** Default: the class name in lower case. Must be a valid name of a tag. */
  readonly name?: string;
  /** The models that it needs, for whoever wants to know. Default none. */
  readonly models?: readonly StoredModel[];
  /** By method name; wins over the runner's own options of these names. */
  readonly methodConfigs?: Readonly<Record<string, MethodBatching>>;
  /** Constructor argument of a Runnable class; plain data. */
  readonly runnableInitParams?: unknown;
  /** Runs in the caller's thread instead of in workers. Default false. */
  readonly embedded?: boolean;
  /** Whether the first call starts the workers by itself. Default true. */
  readonly autoInit?: boolean;
  /** Workers. Default: what the strategy says; without settings that is one for a Runnable that uses several cores itself, otherwise one per core. */
  readonly workers?: number;
  /** Wanted amounts by kind, `{ cpu: 2 }`; instead of those of the configuration, not merged with them. Default: all that the machine has. */
  readonly resources?: ResourceRequest;
  /** Workers for one unit of its resource. Default: that of the configuration, else 1. */
  readonly workersPerResource?: number;
  /** Decides the number of workers from the resources: an object, or a class that is made without arguments. Default: DefaultStrategy. */
  readonly schedulingStrategy?: Strategy | (new () => Strategy);
  /** Default: the configuration of the process, which is read when the first runner is made. */
  readonly configuration?: Configuration;
  /** Most items that may wait before calls are refused with 503. Default: that of the configuration, else 100,000. */
  readonly maxQueueSize?: number;
  /**
   * Most bytes of arguments that may wait before calls are refused with 503. Default: that of the configuration, else a quarter of the
   * memory that the process may use.
   */
  readonly maxQueueBytes?: number;
  /**
   * Whether the calling thread and the workers may stay awake for a fraction of a millisecond when a batch is short, instead of
   * sleeping and being woken. Default: true where there are more cores than workers.
   */
  readonly spin?: boolean;
  /**
   * What workers are. Threads share this process's memory, answer soonest and serve `runSync`. Processes have an environment of their own
   * (`scheduledWorkerEnvMap`), die alone when native code crashes, and can be killed when a run hangs. Default: "process" when the
   * strategy gives them GPUs, otherwise "thread".
   */
  readonly isolation?: "thread" | "process";
  /**
   * How long a run may take, ms; a stream, from when its reader left. A process that takes longer is killed, as if it had died; a thread
   * cannot be: its calls fail with `WORKER_HUNG`, and it gets no more until the run ends. Default: as long as it likes.
   */
  readonly workerTimeoutMs?: number;
  /** A worker is replaced after so many calls; the new one is ready before the old one goes. Default: never. */
  readonly maxRequests?: number;
  /** A worker process that uses more memory, MB (2^20 bytes), is replaced likewise. Default: never. */
  readonly maxRssMb?: number;
  /**
   * By how much the system prefers this thread to the workers, and to threads that they start, when there are too few cores for all: steps
   * of niceness, 0 to 19. Threads have one of their own on Linux alone. With `initLocal`, a Runnable may have its own threads give way as much.
   * Default: what the Runnable says, else 0.
   */
  readonly workerNiceness?: number;
  /** How long an exit of the process waits for a run that is going on in a thread, ms. Default 2,000. */
  readonly exitWaitMs?: number;
  /** How long `destroy` lets accepted calls finish, ms. Default 30,000. */
  readonly graceMs?: number;
  /** Checks and changes the arguments of a call in the caller's thread, before they are sent. Default: leaves them as they are. */
  readonly prepare?: Prepare;
}

export const DEFAULT_EXIT_WAIT_MS = 2_000;
export const DEFAULT_GRACE_MS = 30_000;

interface NumberRule {
  readonly least: number;
  readonly most?: number;
  readonly whole: boolean;
}

/** Numbers that must be right before anything is made from them. */
const NUMBERS = {
  workers: { least: 1, whole: true },
  maxQueueSize: { least: 1, whole: true },
  maxQueueBytes: { least: 1, whole: true },
  workerTimeoutMs: { least: 1, whole: false },
  maxRequests: { least: 1, whole: true },
  maxRssMb: { least: 1, whole: false },
  workerNiceness: { least: 0, most: 19, whole: true },
  exitWaitMs: { least: 0, whole: false },
  graceMs: { least: 0, whole: false },
} satisfies Partial<Record<keyof RunnerOptions, NumberRule>>;

const ISOLATIONS: readonly unknown[] = [undefined, "thread", "process"];

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function checkRunnerOptions(options: RunnerOptions): void {
  for (const name of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) checkNumber(name, options[name]);
  const { workersPerResource, isolation } = options;
  if (!ISOLATIONS.includes(isolation)) throw new InvalidArgumentError(`isolation is ${shown(isolation)}; it must be "thread" or "process".`);
  if (workersPerResource !== undefined && !(Number.isFinite(workersPerResource) && workersPerResource > 0)) {
    throw new InvalidArgumentError(`workersPerResource is ${shown(workersPerResource)}; it must be a number above 0.`);
  }
}

/**
 * @param owner Whose number it is, unless it is the option of the same name.
 * @throws InvalidArgumentError
 */
export function checkNumber(name: keyof typeof NUMBERS, value: unknown, owner = ""): void {
  const { least, most = Infinity, whole }: NumberRule = NUMBERS[name];
  if (value === undefined) return;
  if (typeof value === "number" && value >= least && value <= most && (whole ? Number.isInteger(value) : !Number.isNaN(value))) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`${name}${owner} is ${shown(value)}; it must be a ${whole ? "whole number" : "number"} ${range}.`);
}
