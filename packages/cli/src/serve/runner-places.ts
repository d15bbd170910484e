import { createHash } from "node:crypto";
import { join } from "node:path";
import { InvalidArgumentError, type AnyRunner, type RemoteRunnerOptions } from "bentoml-core";
import { socketUrl, type ServableRunner } from "bentoml-server";

/** Environment variable with the token of runners that run elsewhere, when no file has it. */
export const RUNNER_TOKEN_VARIABLE = "BENTOML_RUNNER_TOKEN";

/** A runner behind a socket of this machine comes back when its process has died: calls try again for half a minute, once a second in the end. */
const PATIENT_RETRIES = 40;

/** Where each runner runs: on a server that the user names, in a process behind a socket of our own, or here. */
export class RunnerPlaces {
  readonly #remote: ReadonlyMap<string, RemoteRunnerOptions>;
  readonly #socketFolder: string | undefined;

  /** @param socketFolder undefined: all that have no server run here. */
  constructor(remote: ReadonlyMap<string, RemoteRunnerOptions>, socketFolder: string | undefined) {
    this.#remote = remote;
    this.#socketFolder = socketFolder;
  }

  /** How to reach it; undefined for a runner that runs here. */
  of({ name, embedded }: Pick<AnyRunner, "name" | "embedded">): RemoteRunnerOptions | undefined {
    const remote = this.#remote.get(name);
    if (remote !== undefined || embedded || this.#socketFolder === undefined) return remote;
    return { url: socketUrl(socketOf(this.#socketFolder, name)), retries: PATIENT_RETRIES };
  }

  /** Whether it is on a server that the user has named. */
  isElsewhere({ name }: Pick<AnyRunner, "name">): boolean {
    return this.#remote.has(name);
  }

  /**
   * @param needsAll every runner must have a place elsewhere.
   * @throws InvalidArgumentError for a place of a runner that there is not, and for a runner without the place that it needs.
   */
  checkNames(runners: readonly Pick<AnyRunner, "name" | "embedded">[], needsAll: boolean): void {
    const names = runners.map(({ name }) => name);
    for (const name of this.#remote.keys()) {
      if (!names.includes(name)) throw new InvalidArgumentError(`A place is given for the runner "${name}", the runners here are: ${names.join(", ") || "none"}.`);
    }
    const without = runners.filter((runner) => needsAll && !runner.embedded && !this.#remote.has(runner.name)).map(({ name }) => name);
    if (without.length === 0) return;
    const given = [...this.#remote.keys()].join(", ") || "none";
    throw new InvalidArgumentError(`Places are needed for the runners ${names.join(", ")}, and given for ${given}: add --depends ${without[0] ?? ""}=url.`);
  }
}

/** The socket of a runner; its name may be longer than a socket's path. */
export function socketOf(folder: string, runnerName: string): string {
  return join(folder, `${createHash("sha256").update(runnerName).digest("hex").slice(0, 12)}.sock`);
}

/**
 * Reads `name=url`, one for each runner.
 *
 * @throws InvalidArgumentError for another form, and for a name that is given twice.
 */
export function readPlaces(texts: readonly string[], token: string | undefined): ReadonlyMap<string, RemoteRunnerOptions> {
  const places = new Map<string, RemoteRunnerOptions>();
  for (const text of texts) {
    const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || url === undefined) {
      throw new InvalidArgumentError(`A runner that runs elsewhere is given as name=url, such as digits=http://10.0.0.7:4000 or digits=unix:/run/digits.sock; got "${text}".`);
    }
    if (places.has(name)) throw new InvalidArgumentError(`The runner "${name}" is given two places: give one --remote-runner for each.`);
    places.set(name, { url, ...(token === undefined ? {} : { token }) });
  }
  return places;
}

/** A runner as a server sees it, whose start is a connection: the server that runs it need not be there yet. */
export function runsElsewhere(runner: AnyRunner, place: RemoteRunnerOptions): ServableRunner {
  return {
    name: runner.name,
    methods: runner.methods,
    init: () => runner.initClient(place),
    destroy: () => runner.destroy(),
    runnerHandleIsReady: (timeoutMs) => runner.runnerHandleIsReady(timeoutMs),
    stats: () => runner.stats(),
  };
}
