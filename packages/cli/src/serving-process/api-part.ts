import type { Socket } from "node:net";
import type { CliContext } from "../cli-context.js";
import { ApiServer } from "../serve/api-server.js";
import { describe } from "../serve/descriptions.js";
import { unusedSettings } from "../serve/unused-settings.js";
import { importedFiles } from "../services/imported-files.js";
import { watchRunners } from "../serve/watch-runners.js";
import type { ApiAssignment, Counted, CountedKind, CountedKinds, ToProcess } from "../supervision/messages.js";
import type { ParentLine } from "./parent-line.js";
import type { ProcessPart } from "./process-part.js";

/** A process that answers requests, on connections that the supervisor hands to it. */
export class ApiPart implements ProcessPart {
  readonly #assignment: ApiAssignment;
  readonly #line: ParentLine;
  readonly #context: CliContext;
  readonly #asked: Map<number, (others: readonly Counted[]) => void> = new Map();
  #lastId = 0;
  #api: ApiServer | undefined;

  constructor(assignment: ApiAssignment, line: ParentLine, context: CliContext) {
    this.#assignment = assignment;
    this.#line = line;
    this.#context = context;
  }

  async start(): Promise<void> {
    const { source, options, folder, socket, isApart, isFirst, tellsFiles } = this.#assignment;
    const api = await this.#load(() => ApiServer.load({
      source,
      options,
      context: this.#context,
      log: this.#line.log,
      ...(isApart ? { socketFolder: folder } : {}),
      gatherMetrics: async (own) => [own, ...(await this.#others("metrics"))],
      gatherStatistics: async (own) => [own, ...(await this.#others("statistics"))],
    }), tellsFiles);
    this.#api = api;
    if (isFirst) await api.application.service?.runDeploymentHooks();
    const { configuration, application, runnersApart } = api;
    const names = application.runners.map(({ name }) => name);
    this.#line.send({ type: "loaded", runnersApart: runnersApart.map(({ name }) => name), unusedSettings: unusedSettings(configuration, names, isApart) });
    await api.listen({ socket, onListening: () => this.#line.send({ type: "listening" }) });
    watchRunners(this.#line.log);
    this.#line.send({ type: "ready", description: describe(api), needsToken: api.needsToken, isEncrypted: api.isEncrypted, hasPage: api.hasPage });
  }

  leave(): void {
    this.#api?.server.leave();
  }

  async stop(graceMs: number): Promise<void> {
    await this.#api?.close({ graceMs, drainMs: 0 });
  }

  async retire(graceMs: number): Promise<void> {
    await this.#api?.retire({ graceMs });
  }

  takeConnection(socket: Socket): void {
    this.#api?.server.takeConnection(socket);
  }

  async counted(kind: CountedKind): Promise<Counted | undefined> {
    return kind === "metrics" ? this.#api?.server.metrics() : this.#api?.server.statistics();
  }

  hear({ id, told }: Extract<ToProcess, { readonly type: "others" }>): void {
    this.#asked.get(id)?.(told);
    this.#asked.delete(id);
  }

  /** Tells which files were imported, also when that failed: the error is in one of them. */
  async #load(load: () => Promise<ApiServer>, tellsFiles: boolean): Promise<ApiServer> {
    try {
      return await load();
    } finally {
      if (tellsFiles) this.#line.send({ type: "files", files: await importedFiles() });
    }
  }

  #others<Kind extends CountedKind>(kind: Kind): Promise<readonly CountedKinds[Kind][]> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      // The others tell what they are asked for.
      this.#asked.set(id, (told) => resolve(told as readonly CountedKinds[Kind][]));
      this.#line.send({ type: "gather", kind, id });
    });
  }
}
