import type { Socket } from "node:net";
import { Configuration, type RunnerConfiguration } from "bentoml-core";
import { RunnerServer, type RunnerServerOptions } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { loadApplication, runnerOf } from "../serve/application.js";
import { factsOf } from "../serve/descriptions.js";
import { observedRunner } from "../serve/observed-server.js";
import { runnerOptions } from "../serve/runner-choices.js";
import { socketOf } from "../serve/runner-places.js";
import { watchRunners } from "../serve/watch-runners.js";
import type { Counted, CountedKind, RunnerAssignment } from "../supervision/messages.js";
import type { ParentLine } from "./parent-line.js";
import type { ProcessPart } from "./process-part.js";

/** Largest request of an API process: the API server has looked at what clients send. */
const MAX_BODY_BYTES = 2 ** 31;

/** A process that runs one runner for the API processes. */
export class RunnerPart implements ProcessPart {
  readonly #assignment: RunnerAssignment;
  readonly #line: ParentLine;
  readonly #context: CliContext;
  #server: RunnerServer | undefined;

  constructor(assignment: RunnerAssignment, line: ParentLine, context: CliContext) {
    this.#assignment = assignment;
    this.#line = line;
    this.#context = context;
  }

  async start(): Promise<void> {
    const { source, options, folder, runnerName } = this.#assignment;
    const { workingFolder, environment, stdout } = this.#context;
    const configuration = Configuration.load({ workingFolder, environment });
    const application = await loadApplication(source, { ...runnerOptions(options), configuration }, workingFolder);
    const runner = runnerOf(application, runnerName);
    // The API server tells of the requests.
    const { accessLog: _accessLog, ...observed } = observedRunner(configuration, runnerName, stdout);
    this.#server = new RunnerServer({
      ...configured(configuration, configuration.runner(runnerName)),
      ...observed,
      runner: runner,
      ownsRunner: true,
      maxBodyBytes: MAX_BODY_BYTES,
      serviceName: application.service?.name ?? "bentoml-server",
      ...(application.service?.version === undefined ? {} : { serviceVersion: application.service.version }),
      onUnexpectedError: (error, { endpoint }) => this.#line.log.warn(`runner ${runnerName}: unexpected error on ${endpoint}: ${errorLine(error)}`),
    });
    await this.#server.listen({ socket: socketOf(folder, runnerName) });
    watchRunners(this.#line.log);
    this.#line.send({ type: "ready", facts: factsOf(runner) });
  }

  leave(): void {
    // The API processes finish first.
  }

  async stop(graceMs: number): Promise<void> {
    await this.#server?.close({ graceMs });
  }

  retire(graceMs: number): Promise<void> {
    return this.stop(graceMs);
  }

  takeConnection(socket: Socket): void {
    socket.destroy();
  }

  async counted(kind: CountedKind): Promise<Counted | undefined> {
    return kind === "metrics" ? this.#server?.metrics() : this.#server?.statistics();
  }

  hear(): void {
    // It asks for nothing.
  }
}

function configured({ apiServer }: Configuration, { timeoutMs, maxConcurrency }: RunnerConfiguration): Partial<RunnerServerOptions> {
  return {
    callTimeoutMs: Math.ceil(timeoutMs),
    readinessTimeoutMs: Math.ceil(apiServer.runnerProbe.timeoutMs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}
