import { InvalidArgumentError } from "bentoml-core";

/** How `toRunner` and `loadModel` use sharp, beside what every runner takes. */
export interface ImageRunnerOptions {
  /** Threads that libvips uses for one image. One setting for the whole process. Default: sharp's own, which is 1 on Linux with glibc. */
  readonly concurrency?: number;
}

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function checkRunnerOptions({ concurrency }: ImageRunnerOptions): void {
  if (concurrency === undefined || (Number.isSafeInteger(concurrency) && concurrency >= 1 && concurrency <= 1024)) return;
  throw new InvalidArgumentError(`concurrency is ${JSON.stringify(concurrency)}: it must be a whole number of threads from 1 to 1024.`);
}
