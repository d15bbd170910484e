import { Configuration, ModelStore, type AnyRunner, type RunnerOptions } from "bentoml-core";
import { ModelServer, type ListenOptions, type ListeningAddress, type MetricsGatherer, type ServedModel, type StatisticsGatherer } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { errorLine } from "../error-line.js";
import { loadApplication, type Application } from "./application.js";
import type { EventLog } from "./event-log.js";
import type { ModelToServe } from "./open-models.js";
import { RUNNER_TOKEN_VARIABLE, RunnerPlaces, readPlaces, runsElsewhere } from "./runner-places.js";
import { runnerOptions } from "./runner-choices.js";
import { secretOf } from "./option-files.js";
import { serverSettings } from "./server-settings.js";
import type { ApplicationSource, ServeOptions } from "./serve-options.js";
import { StoreRepository } from "./store-repository.js";

/** What an API server is made from. */
export interface ApiServerSetting {
  readonly source: ApplicationSource;
  readonly options: ServeOptions;
  readonly context: CliContext;
  readonly log: EventLog;
  /** Folder with the sockets of runners in other processes of ours; undefined: the runners run here. */
  readonly socketFolder?: string;
  readonly gatherMetrics?: MetricsGatherer;
  readonly gatherStatistics?: StatisticsGatherer;
}

/** The server of models or of a service, with its runners placed: here, in other processes, on other hosts. */
export class ApiServer {
  readonly server: ModelServer;
  readonly application: Application;
  readonly places: RunnerPlaces;
  readonly configuration: Configuration;
  /** Callers must bring a token. */
  readonly needsToken: boolean;
  readonly isEncrypted: boolean;
  /** It has a page for people. */
  readonly hasPage: boolean;

  private constructor(parts: Pick<ApiServer, "server" | "application" | "places" | "configuration" | "needsToken" | "isEncrypted" | "hasPage">) {
    this.server = parts.server;
    this.application = parts.application;
    this.places = parts.places;
    this.configuration = parts.configuration;
    this.needsToken = parts.needsToken;
    this.isEncrypted = parts.isEncrypted;
    this.hasPage = parts.hasPage;
  }

  /** Loads what is to be served; starts nothing. */
  static async load(setting: ApiServerSetting): Promise<ApiServer> {
    const { source, options, context, log, socketFolder, gatherMetrics, gatherStatistics } = setting;
    const configuration = Configuration.load({ workingFolder: context.workingFolder, environment: context.environment });
    const forRunners: RunnerOptions = { ...runnerOptions(options), configuration };
    const [settings, places] = await Promise.all([serverSettings(options, configuration, context), placesOf(options, socketFolder, context)]);
    const application = await loadApplication(source, forRunners, context.workingFolder);
    places.checkNames(application.runners, options.runsNoModel === true);
    const isControlled = options.modelControl === "explicit";
    const server = new ModelServer({
      ...settings,
      models: application.models.map((model) => placed(model, places)),
      ...(application.service === undefined ? {} : { service: application.service }),
      ownsRunners: !runsServiceElsewhere(application, places),
      onModelChange: (change, { name, version }) => log.tell(`${name}:${version} is ${change}`),
      ...(isControlled ? { repository: new StoreRepository(new ModelStore(source.storeRoot), forRunners, context.workingFolder, log) } : {}),
      ...(gatherMetrics === undefined ? {} : { gatherMetrics }),
      ...(gatherStatistics === undefined ? {} : { gatherStatistics }),
      onUnexpectedError: (error, { endpoint }) => log.warn(`unexpected error on ${endpoint}: ${errorLine(error)}`),
    });
    return new ApiServer({ server, application, places, configuration, needsToken: settings.access !== undefined, isEncrypted: settings.tls !== undefined, hasPage: settings.page !== false });
  }

  /** Resolves when it listens and the runners that run here are started. */
  async listen(where: ListenOptions): Promise<ListeningAddress> {
    if (runsServiceElsewhere(this.application, this.places)) await this.#placeServiceRunners();
    return this.server.listen(where);
  }

  async close(how: { readonly graceMs: number; readonly drainMs: number }): Promise<void> {
    await this.server.close(how);
    await this.#destroyServiceRunners();
  }

  /** As `close`, once another server takes the connections. */
  async retire(how: { readonly graceMs: number }): Promise<void> {
    await this.server.retire(how);
    await this.#destroyServiceRunners();
  }

  /** Those that must run in processes of our own. */
  get runnersApart(): readonly AnyRunner[] {
    return this.application.runners.filter((runner) => this.places.of(runner) !== undefined && !this.places.isElsewhere(runner));
  }

  /** A service calls its own runners: they are told where they run, before the server listens. */
  async #placeServiceRunners(): Promise<void> {
    await Promise.all(
      this.application.runners.map((runner) => {
        const place = this.places.of(runner);
        return place === undefined ? runner.init() : runner.initClient(place);
      }),
    );
  }

  async #destroyServiceRunners(): Promise<void> {
    if (!runsServiceElsewhere(this.application, this.places)) return;
    await Promise.all(this.application.runners.map((runner) => runner.destroy()));
  }
}

function runsServiceElsewhere({ service, runners }: Application, places: RunnerPlaces): boolean {
  return service !== undefined && runners.some((runner) => places.of(runner) !== undefined);
}

function placed({ served, runner }: ModelToServe, places: RunnerPlaces): ServedModel {
  const place = places.of(runner);
  return place === undefined ? served : { ...served, runner: runsElsewhere(runner, place) };
}

async function placesOf({ remoteRunner = [], runnerTokenFile }: ServeOptions, socketFolder: string | undefined, context: CliContext): Promise<RunnerPlaces> {
  const token =
    runnerTokenFile === undefined ? context.environment[RUNNER_TOKEN_VARIABLE] : await secretOf("--runner-token-file", runnerTokenFile, context.workingFolder);
  return new RunnerPlaces(readPlaces(remoteRunner, token), socketFolder);
}
