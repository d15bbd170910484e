import { configurationError } from "../configuration/index.js";
import { CPU, defaultResources, NVIDIA_GPU, type ResourceRegistry } from "../resources/index.js";
import type { SchedulingRequest, Strategy } from "./strategy.js";

/** Which GPUs a process may see. */
export const VISIBLE_GPUS = "CUDA_VISIBLE_DEVICES";
export const NO_GPUS = "-1";

/** What the libraries of numerical code read when they start. */
const THREAD_LIMITS = [
  "BENTOML_NUM_THREAD",
  "OMP_NUM_THREADS",
  "OPENBLAS_NUM_THREADS",
  "MKL_NUM_THREADS",
  "VECLIB_MAXIMUM_THREADS",
  "NUMEXPR_NUM_THREADS",
  "RAYON_RS_NUM_CPUS",
  "TF_NUM_INTEROP_THREADS",
  "TF_NUM_INTRAOP_THREADS",
];

/** 0.07 × 100 is 7.000000000000001, and must not be rounded up to 8. */
const ROUNDING = 1e-9;

/** What a Runnable runs on: some GPUs, or some cores. */
type Share = { readonly gpus: readonly number[] } | { readonly cores: number };

/**
 * The strategy of the Python original: GPUs if there are any and the Runnable can use them, else cores.
 *
 * - GPUs: `workersPerResource` of 1 or more puts that many workers on each GPU; below 1 it gives each worker 1/w GPUs, rounded to a whole
 *   number, and the last one what is left.
 * - Cores: a Runnable that uses several cores by itself gets `workersPerResource` workers, which must be whole; any other gets that many
 *   for each core.
 *
 * Where the original's count and environments disagree (fractions that do not divide the GPUs), the environments are right and the
 * count is that of them, so that every GPU is used and every worker has one.
 */
export class DefaultStrategy implements Strategy {
  readonly #resources: ResourceRegistry;
  /** Runnables that were warned about: each once, however often it is asked for. */
  readonly #warned = new Set<string>();

  constructor(resources: ResourceRegistry = defaultResources) {
    this.#resources = resources;
  }

  workerCount(request: SchedulingRequest): number {
    const { runnable, workersPerResource } = request;
    const share = this.#share(request);
    if ("gpus" in share) return gpuWorkers(share.gpus, workersPerResource);
    if (!runnable.supportsCpuMultiThreading) return roundedUp(roundedUp(share.cores) * workersPerResource);
    if (Number.isInteger(workersPerResource)) return workersPerResource;
    throw configurationError(
      `workers_per_resource is ${workersPerResource}, but ${runnable.name} uses all cores in one worker and cannot have a fraction of one: give a whole number.`,
    );
  }

  workerEnvironment(request: SchedulingRequest, workerIndex: number): Readonly<Record<string, string>> {
    const { runnable, workersPerResource } = request;
    const share = this.#share(request);
    const count = this.workerCount(request);
    if (!(Number.isInteger(workerIndex) && workerIndex >= 0 && workerIndex < count)) {
      throw configurationError(`There is no worker ${workerIndex} of ${runnable.name}: they are counted from 0 to ${count - 1}.`);
    }
    if ("gpus" in share) return { [VISIBLE_GPUS]: gpusOf(share.gpus, workersPerResource, workerIndex).join(",") };
    const threads = String(runnable.supportsCpuMultiThreading ? roundedUp(share.cores) : 1);
    return { [VISIBLE_GPUS]: NO_GPUS, ...Object.fromEntries(THREAD_LIMITS.map((name) => [name, threads])) };
  }

  #share({ runnable, resources }: SchedulingRequest): Share {
    const request = resources ?? this.#resources.system();
    const gpus = this.#resources.get(request, NVIDIA_GPU) as readonly number[] | undefined;
    if (gpus !== undefined && gpus.length > 0 && runnable.supportedResources.includes(NVIDIA_GPU)) return { gpus };
    const cores = this.#resources.get(request, CPU) as number | undefined;
    if (cores !== undefined && cores > 0) {
      if (!runnable.supportedResources.includes(CPU)) this.#warnOfCpu(runnable.name);
      return { cores };
    }
    throw configurationError(
      `No resource for ${runnable.name}: it can use ${runnable.supportedResources.join(", ") || "none"}, and its resources are ${JSON.stringify(request)}. Give it some "cpu", or leave resources out to use what the machine has.`,
    );
  }

  #warnOfCpu(runnable: string): void {
    if (this.#warned.has(runnable)) return;
    this.#warned.add(runnable);
    process.emitWarning(`No resource that ${runnable} names in supportedResources is there; it falls back to using the CPU.`, {
      type: "BentoMLWarning",
      code: "BENTOML_CPU_FALLBACK",
    });
  }
}

function gpuWorkers(gpus: readonly number[], workersPerGpu: number): number {
  return workersPerGpu >= 1 ? roundedUp(gpus.length * workersPerGpu) : Math.ceil(gpus.length / gpusPerWorker(workersPerGpu));
}

function gpusOf(gpus: readonly number[], workersPerGpu: number, workerIndex: number): readonly number[] {
  if (workersPerGpu >= 1) {
    const place = Math.floor(workerIndex / workersPerGpu + ROUNDING);
    return gpus.slice(place, place + 1);
  }
  const each = gpusPerWorker(workersPerGpu);
  return gpus.slice(each * workerIndex, each * (workerIndex + 1));
}

/** Rounded to the nearest, halves to the even number: 0.4 gives 2, 0.3 gives 3. */
function gpusPerWorker(workersPerGpu: number): number {
  const exact = 1 / workersPerGpu;
  const below = Math.floor(exact);
  const isHalf = Math.abs(exact - below - 0.5) < ROUNDING;
  if (isHalf) return below % 2 === 0 ? below : below + 1;
  return Math.round(exact);
}

function roundedUp(amount: number): number {
  return Math.max(1, Math.ceil(amount - ROUNDING));
}
