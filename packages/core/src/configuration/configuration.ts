import { apiServerConfiguration, type ApiServerConfiguration } from "./api-server-configuration.js";
import { readSources, whereIs, type ConfigurationSources, type Source } from "./configuration-sources.js";
import { runnerConfiguration, type RunnerConfiguration } from "./runner-configuration.js";
import { merge, type Section } from "./section.js";
import { tracingConfiguration, type TracingConfiguration } from "./tracing-configuration.js";

/**
 * The settings of a process, made of its sources: a file, then `BENTOML_CONFIG_OPTIONS`, then options of the program, each over the
 * one before. Immutable.
 */
export class Configuration {
  static #current: Configuration | undefined;

  /** The server that users call. */
  readonly apiServer: ApiServerConfiguration;
  /** Where traces go. */
  readonly tracing: TracingConfiguration;
  readonly #merged: Section;
  readonly #sources: readonly Source[];

  private constructor(sources: readonly Source[]) {
    this.#sources = sources;
    this.#merged = sources.reduce<Section>((merged, { section }) => merge(merged, section), {});
    this.apiServer = apiServerConfiguration(this.#merged);
    this.tracing = tracingConfiguration(this.#merged);
  }

  /**
   * Reads and checks; synchronous, nothing is kept.
   *
   * @throws InvalidArgumentError of the code INVALID_CONFIGURATION that names source, path, value, and what is allowed.
   */
  static load(from: ConfigurationSources = {}): Configuration {
    return new Configuration(readSources(from));
  }

  /** That of this process, for whoever was given no other: read at the first use, then kept. */
  static current(): Configuration {
    Configuration.#current ??= Configuration.load();
    return Configuration.#current;
  }

  /** Where settings were found, the weakest first. */
  get sources(): readonly string[] {
    return this.#sources.map(({ label }) => label);
  }

  /** Where a setting stands: `origin("api_server", "workers")` is "api_server.workers in bentoml.config.yaml". Undefined when it is not set. */
  origin(...path: string[]): string | undefined {
    return whereIs(this.#sources, path);
  }

  /** The settings of the runner of this name, whose capitals make no difference. */
  runner(name: string): RunnerConfiguration {
    return runnerConfiguration(this.#merged, this.#sources, name.toLowerCase());
  }
}
