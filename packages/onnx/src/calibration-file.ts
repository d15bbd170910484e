import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { Measurement } from "./calibration.js";
import type { ThreadChoice } from "./session-options.js";

/** What a calibration found. */
export interface KeptCalibration {
  readonly choice: ThreadChoice;
  readonly measurements: readonly Measurement[];
  /** Milliseconds since 1970. */
  readonly measuredAt: number;
  /** Why nothing could be measured: the choice is that of the warm-up then. */
  readonly error?: string;
}

/** What a result depends on, beside the machine. */
export interface CalibrationSubject {
  /** Tells the model's files from others. */
  readonly model: string;
  readonly engineVersion: string;
  /** CPU threads that a worker may use. */
  readonly threads: number;
  readonly maxBatchSize: number;
  /** Options of the runner and whatever else changes a run. */
  readonly settings: unknown;
}

/** The file of one result, outside the store: it is true of this machine only. */
export class CalibrationFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #about: object;

  /** `folder` need not exist. */
  constructor(folder: string, subject: CalibrationSubject) {
    this.#about = { ...subject, cpu: cpus()[0]?.model ?? process.arch };
    const key = createHash("sha256").update(JSON.stringify(this.#about)).digest("hex");
    this.#folder = folder;
    this.#path = join(folder, `${key}.json`);
  }

  /** The kept result; undefined where there is none of that time or later, or none that can be read. */
  read(notBefore = -Infinity): KeptCalibration | undefined {
    try {
      const { result } = JSON.parse(readFileSync(this.#path, "utf8")) as { result?: KeptCalibration };
      return isResult(result) && result.measuredAt >= notBefore ? result : undefined;
    } catch {
      return undefined;
    }
  }

  /** Why nothing can be kept here; undefined where it can. */
  obstacle(): string | undefined {
    try {
      mkdirSync(this.#folder, { recursive: true });
      accessSync(this.#folder, constants.W_OK);
      return undefined;
    } catch (error) {
      return this.#notWritten(error);
    }
  }

  /** Keeps a result: others see the whole file or none. Returns why that failed; a model runs without it. */
  write(result: KeptCalibration): string | undefined {
    const unfinished = `${this.#path}.${process.pid}-${threadId}`;
    try {
      writeFileSync(unfinished, `${JSON.stringify({ about: this.#about, result }, undefined, 2)}\n`);
      renameSync(unfinished, this.#path);
      return undefined;
    } catch (error) {
      return this.#notWritten(error);
    }
  }

  #notWritten(error: unknown): string {
    return `${this.#folder} cannot be written to (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

function isResult(result: KeptCalibration | undefined): result is KeptCalibration {
  const { threads, spinning } = result?.choice ?? {};
  if (!Number.isFinite(result?.measuredAt)) return false;
  return Number.isSafeInteger(threads) && (threads as number) > 0 && typeof spinning === "boolean" && Array.isArray(result?.measurements);
}
