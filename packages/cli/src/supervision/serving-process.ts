import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { BentoMLError } from "bentoml-core";
import type { CliContext } from "../cli-context.js";
import type { Assignment, FromProcess, LoadedMessage, ReadyMessage, ToProcess } from "./messages.js";
import { ProcessFailure } from "./process-failure.js";

/** The entry lies beside the built file of this module. */
const ENTRY = new URL("./serve-process.js", import.meta.url);

/** Told of what a process says beside its being ready. */
export type ProcessListener = (message: FromProcess, from: ServingProcess) => void;

/** One life of a process that serves. */
export class ServingProcess {
  /** Rejects when it ends before. */
  readonly loaded: Promise<LoadedMessage>;
  readonly ready: Promise<ReadyMessage>;
  /** Resolves with why it ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #hasEnded = false;
  #onTaken: (() => void) | undefined;

  /** @param nodeFlags for Node, before the entry. */
  constructor(assignment: Assignment, nodeFlags: readonly string[], { workingFolder, environment }: Pick<CliContext, "workingFolder" | "environment">, listener: ProcessListener) {
    this.#child = fork(fileURLToPath(ENTRY), [], {
      cwd: workingFolder,
      env: environment,
      execArgv: [...nodeFlags],
      // Without a terminal's input: Ctrl-D and the like are the supervisor's.
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const loaded = deferred<LoadedMessage>();
    const ready = deferred<ReadyMessage>();
    this.loaded = loaded.promise;
    this.ready = ready.promise;
    let failure: ProcessFailure | undefined;
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (this.#hasEnded) return;
        this.#hasEnded = true;
        const error = failure ?? new BentoMLError(`A process that was to serve ended before it was ready: ${reason}.`, { code: "PROCESS_FAILED" });
        loaded.reject(error);
        ready.reject(error);
        resolve(failure?.message ?? reason);
      };
      this.#child.once("error", (error) => end(`it could not be started: ${error.message}`));
      this.#child.once("exit", (code, signal) => end(signal === null ? `exit code ${String(code)}` : `killed by ${signal}`));
    });
    // Whoever waits for them hears of it; nobody has to.
    for (const promise of [this.loaded, this.ready]) promise.catch(() => undefined);
    this.#child.on("message", (message: FromProcess) => {
      if (message.type === "loaded") loaded.resolve(message);
      else if (message.type === "ready") ready.resolve(message);
      else if (message.type === "failed") failure = new ProcessFailure(message);
      else if (message.type === "taken") this.#taken();
      else listener(message, this);
    });
    this.send({ type: "assign", assignment });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  send(message: ToProcess): void {
    // A process that has just died is told by its end.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Gives it a connection, one at a time. Resolves with whether it took it; one that it did not take is still the caller's. */
  give(socket: Socket): Promise<boolean> {
    if (!this.#child.connected) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#onTaken = () => resolve(true);
      // Kept open here until it is taken over there.
      this.#child.send({ type: "connection" } satisfies ToProcess, socket, { keepOpen: true }, (error) => {
        if (error !== null) resolve(false);
      });
      void this.ended.then(() => resolve(false));
    });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #taken(): void {
    this.#onTaken?.();
    this.#onTaken = undefined;
  }
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  return { promise, resolve, reject };
}
