import { join } from "node:path";
import type { ListenOptions, ListeningAddress } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import type { RunnerFacts, ServedDescription } from "../serve/descriptions.js";
import type { EventLog } from "../serve/event-log.js";
import type { ApplicationSource, ServeOptions } from "../serve/serve-options.js";
import { ConnectionDispatcher } from "./connection-dispatcher.js";
import { Gathering } from "./gathering.js";
import type { Assignment, FromProcess, LoadedMessage, ReadyMessage } from "./messages.js";
import { PrivateFolder } from "./private-folder.js";
import { ProcessSlot } from "./process-slot.js";
import { ServingProcess } from "./serving-process.js";

/** How long processes get to end after the graceful time, before they are killed, ms. */
const LAST_MOMENT_MS = 500;

/** What is to be supervised. */
export interface SupervisionSetting {
  readonly source: ApplicationSource;
  readonly options: ServeOptions;
  /** Processes that answer requests. With more than one the runners are in processes of their own. */
  readonly apiProcesses: number;
  readonly listen: ListenOptions;
  /** For Node, before the entry of each process. */
  readonly nodeFlags: readonly string[];
  readonly log: EventLog;
  readonly context: CliContext;
  /** Told of what the file of a service imports. */
  readonly onFiles?: (files: readonly string[]) => void;
}

/** What serves, once it is ready. */
export interface SupervisedStart {
  readonly address: ListeningAddress;
  readonly description: ServedDescription;
  readonly needsToken: boolean;
  readonly hasPage: boolean;
}

/**
 * Starts the processes that serve, gives them the connections, starts those again that end, and ends all of them. Each runner runs once, in
 * a process of its own behind a Unix socket in a private folder, unless there is one API process, which then has the runners in itself.
 */
export class Supervisor {
  readonly #setting: SupervisionSetting;
  readonly #dispatcher: ConnectionDispatcher = new ConnectionDispatcher();
  readonly #folder: PrivateFolder = new PrivateFolder();
  readonly #apis: ProcessSlot[] = [];
  readonly #runners: ProcessSlot[] = [];
  readonly #counted: Gathering = new Gathering(() => [...this.#apis, ...this.#runners].flatMap(({ alive }) => alive));
  readonly #warned: Set<string> = new Set();
  #sockets = 0;
  #closing: Promise<void> | undefined;

  constructor(setting: SupervisionSetting) {
    this.#setting = setting;
  }

  /** Binds the port, then starts the processes. Rejects with what one of them fails with; then all are ended. */
  async start(): Promise<SupervisedStart> {
    const { host = "127.0.0.1", port = 3000 } = this.#setting.listen;
    try {
      const bound = await this.#dispatcher.listen(host, port);
      const started = await this.#startProcesses();
      const { needsToken, isEncrypted, hasPage } = started;
      const address = isEncrypted ? { ...bound, url: bound.url.replace(/^http:/, "https:") } : bound;
      return { address, description: started.description, needsToken, hasPage };
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  /** Starts new API processes beside the old ones, which finish what they have when the new ones are ready. Rejects and changes nothing when they cannot. */
  async replace(): Promise<void> {
    const { gracefulTimeoutMs } = this.#setting.options;
    await Promise.all(this.#apis.map((slot) => slot.replace(gracefulTimeoutMs)));
  }

  /**
   * Goes on for `drainMs`, but not ready; then accepts no more connections, lets the API processes finish, then the runners, all of it within
   * `graceMs`. Resolves when all have ended.
   */
  close({ graceMs, drainMs }: { readonly graceMs: number; readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#close(graceMs, drainMs);
    return this.#closing;
  }

  /** Ends all at once. */
  kill(): void {
    for (const slot of [...this.#apis, ...this.#runners]) slot.kill();
  }

  async #startProcesses(): Promise<{ description: ServedDescription; needsToken: boolean; isEncrypted: boolean; hasPage: boolean }> {
    const { apiProcesses } = this.#setting;
    const first = this.#apiSlot(1).begin();
    this.#tellUnused(await first.process.loaded);
    const { runnersApart } = await first.process.loaded;
    const facts = runnersApart.map((name) => this.#runnerSlot(name).begin().ready);
    const others = Array.from({ length: apiProcesses - 1 }, (_, index) => this.#apiSlot(index + 2).begin().ready);
    const [ready, runnerReady] = await Promise.all([first.ready, Promise.all(facts), Promise.all(others)]);
    return {
      description: withFacts(ready, new Map(runnersApart.map((name, index) => [name, runnerReady[index]?.facts]))),
      needsToken: ready.needsToken === true,
      isEncrypted: ready.isEncrypted === true,
      hasPage: ready.hasPage === true,
    };
  }

  #tellUnused({ unusedSettings }: LoadedMessage): void {
    for (const place of unusedSettings) this.#setting.log.warn(`${place} is not used by bentoml serve`);
  }

  #apiSlot(number: number): ProcessSlot {
    const { source, options, apiProcesses, log, onFiles } = this.#setting;
    const slot = new ProcessSlot({
      name: apiProcesses === 1 ? "the process that serves" : `API process ${number}`,
      log,
      start: () => {
        const socket = join(this.#folder.path, `api-${++this.#sockets}.sock`);
        return this.#start({ role: "api", source, options, folder: this.#folder.path, socket, isApart: apiProcesses > 1, tellsFiles: onFiles !== undefined, isFirst: this.#sockets === 1 });
      },
      onServing: (process) => this.#dispatcher.add(process),
      onGone: (process) => this.#dispatcher.remove(process),
    });
    this.#apis.push(slot);
    return slot;
  }

  #runnerSlot(runnerName: string): ProcessSlot {
    const { source, options, log } = this.#setting;
    const slot = new ProcessSlot({
      name: `the process of runner ${runnerName}`,
      log,
      start: () => this.#start({ role: "runner", source, options, folder: this.#folder.path, runnerName }),
      onServing: () => undefined,
      onGone: () => undefined,
    });
    this.#runners.push(slot);
    return slot;
  }

  #start(assignment: Assignment): ServingProcess {
    const { nodeFlags, context } = this.#setting;
    return new ServingProcess(assignment, nodeFlags, context, (message, from) => this.#heard(message, from));
  }

  #heard(message: FromProcess, from: ServingProcess): void {
    const { log, context, onFiles } = this.#setting;
    if (message.type === "event") tellTo(log, message);
    else if (message.type === "warning") {
      // Each process warns of the same.
      if (!this.#warned.has(message.text)) context.stderr.write(message.text);
      this.#warned.add(message.text);
    } else if (message.type === "gather") this.#counted.gather(message.kind, from, message.id);
    else if (message.type === "told") this.#counted.take(message, from);
    else if (message.type === "files") onFiles?.(message.files);
    // A server that is still starting answers probes; one that is to replace another waits until it is ready.
    else if (message.type === "listening" && this.#apis.every(({ alive }) => alive.length === 1)) this.#dispatcher.add(from);
  }

  async #close(graceMs: number, drainMs: number): Promise<void> {
    const endAt = performance.now() + graceMs;
    const left = (): number => Math.max(0, endAt - performance.now());
    const late = setTimeout(() => this.kill(), graceMs + LAST_MOMENT_MS);
    for (const slot of this.#apis) slot.leave();
    await elapsed(Math.min(drainMs, graceMs));
    await Promise.race([this.#dispatcher.stopListening(), elapsed(left())]);
    await Promise.all(this.#apis.map((slot) => slot.stop(left())));
    this.#dispatcher.close();
    await Promise.all(this.#runners.map((slot) => slot.stop(left())));
    clearTimeout(late);
    this.#folder.remove();
  }

  async #end(): Promise<void> {
    this.#dispatcher.close();
    this.kill();
    await Promise.all([...this.#apis, ...this.#runners].flatMap(({ alive }) => alive.map(({ ended }) => ended)));
    this.#folder.remove();
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function tellTo(log: EventLog, { isWarning, text }: { readonly isWarning: boolean; readonly text: string }): void {
  if (isWarning) log.warn(text);
  else log.tell(text);
}

/** Puts in what the runners' own processes say of their workers. */
function withFacts({ description }: ReadyMessage, facts: ReadonlyMap<string, RunnerFacts | undefined>): ServedDescription {
  const { models = [], service } = description ?? {};
  const known = <Runner extends { readonly name: string; readonly facts: RunnerFacts | undefined }>(runner: Runner): Runner => ({
    ...runner,
    facts: runner.facts ?? facts.get(runner.name),
  });
  return {
    models: models.map((model) => ({ ...model, runner: known(model.runner) })),
    service: service && { ...service, runners: service.runners.map(known) },
  };
}
