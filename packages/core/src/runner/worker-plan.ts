/** How the workers of a runner share the cores. */
export interface WorkerPlan {
  readonly workers: number;
  /** CPU threads per worker; workers times threads are at most the cores. */
  readonly threads: number;
  /** A core is left for the calling thread, so that nobody loses it to a thread that stays awake. */
  readonly spareCore: boolean;
}

/** What there is to share. Cores are whole here: a part of a core is a core that is not always there. */
export interface CoresToShare {
  readonly workers: number;
  /** Cores that the runner may use. */
  readonly granted: number;
  /** Cores that the process has. */
  readonly available: number;
  /** Threads that the strategy gives each worker; undefined when it says nothing. */
  readonly threadLimit: number | undefined;
}

/** Shares the cores among the workers, so that all of them together do not use more threads than there are cores. */
export function planWorkers({ workers, granted, available, threadLimit = Infinity }: CoresToShare): WorkerPlan {
  const threads = Math.max(1, Math.min(Math.floor(granted / workers), threadLimit));
  return { workers, threads, spareCore: available > workers };
}
