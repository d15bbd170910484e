import { StateError } from "../errors/index.js";
import { Params } from "../containers/index.js";
import { DummyRunnerHandle, failedStream, notSynchronous, type CallOptions, type MethodSpec } from "../handles/index.js";
import type { HandleSlot } from "./handle-slot.js";
import type { MethodCalls } from "./runner-method.js";
import type { Prepare } from "./runner-options.js";

export interface RunnerCallsOptions {
  readonly runnerName: string;
  readonly slot: HandleSlot;
  /** Whether the first call starts a handle by itself. */
  readonly autoInit: boolean;
  readonly init: () => Promise<unknown>;
  readonly prepare: Prepare | undefined;
}

/** The way of every call from a runner's method to its handle: start one if need be, prepare the arguments, pass them on. */
export class RunnerCalls implements MethodCalls {
  readonly #options: RunnerCallsOptions;

  constructor(options: RunnerCallsOptions) {
    this.#options = options;
  }

  run(spec: MethodSpec, args: readonly unknown[], options: CallOptions): Promise<unknown> {
    try {
      return this.#startForCall() ?? this.#options.slot.handle.runMethod(spec, this.#prepared(spec, args), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  stream(spec: MethodSpec, args: readonly unknown[], options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    try {
      const failed = this.#startForCall();
      if (failed === undefined) return this.#options.slot.handle.streamMethod(spec, this.#prepared(spec, args), options);
      failed.catch(() => undefined);
      return failedStream(failed);
    } catch (error) {
      return failedStream(error);
    }
  }

  runSync(spec: MethodSpec, args: readonly unknown[], options: CallOptions): unknown {
    const { runnerName, slot } = this.#options;
    const failed = this.#startForCall();
    if (failed !== undefined) {
      failed.catch(() => undefined);
      throw notSynchronous(`Runner "${runnerName}" could not be started ("await runner.init()" tells why)`);
    }
    const { handle } = slot;
    if (handle.runMethodSync !== undefined) return handle.runMethodSync(spec, this.#prepared(spec, args), options);
    throw notSynchronous(`Runner "${runnerName}" runs through ${handle.constructor.name}, which has no way to run a method synchronously`);
  }

  /**
   * Starts a handle, if this is the first call of a runner that may do so. What cannot even begin is returned, as this call's error;
   * what fails later rejects every call that waits in the handle.
   */
  #startForCall(): Promise<never> | undefined {
    const { slot } = this.#options;
    if (slot.destroying) throw new StateError(`Runner "${this.#options.runnerName}" is being destroyed and takes no more calls.`);
    if (!slot.untouched || !this.#options.autoInit) return undefined;
    const starting = this.#options.init();
    if (slot.handle instanceof DummyRunnerHandle) return starting as Promise<never>;
    starting.catch(() => undefined);
    return undefined;
  }

  #prepared(spec: MethodSpec, args: readonly unknown[]): Params {
    // The usual call has one argument, which is no keywords.
    const given = args.length === 1 && !Params.isParams(args[0]) ? new Params(args) : Params.of(...args);
    return this.#options.prepare === undefined ? given : this.#options.prepare(given, spec.name);
  }
}
