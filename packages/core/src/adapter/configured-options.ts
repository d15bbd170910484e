import { Configuration, type RunnerConfiguration } from "../configuration/index.js";
import { InvalidArgumentError } from "../errors/index.js";
import { checkOptionNames, type RunnerOptions } from "../runner/index.js";

/** The options of an adapter that the configuration has for a model's runner: those of `runners.<name>.options`. */
export class ConfiguredOptions<Extras extends object> {
  readonly #settings: RunnerConfiguration;
  readonly #package: string;
  /** What is given in the program wins over them. */
  readonly values: Partial<Extras>;

  /**
   * @param names of the options that are the adapter's own.
   * @throws InvalidArgumentError for any other.
   */
  constructor(packageName: string, runnerName: string, { configuration = Configuration.current() }: RunnerOptions, names: readonly string[]) {
    this.#settings = configuration.runner(runnerName.toLowerCase());
    this.#package = packageName;
    const { options } = this.#settings;
    checkOptionNames(options, names, `${this.#origin} is for ${packageName}, which`);
    this.values = options as Partial<Extras>;
  }

  /**
   * Makes something with these options among others.
   *
   * @throws InvalidArgumentError, for a value that the adapter refuses, with the place of the configuration.
   */
  use<Result>(make: () => Result): Result {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof InvalidArgumentError) || Object.keys(this.values).length === 0) throw error;
      throw new InvalidArgumentError(`${error.message} (Options come from ${this.#origin}, unless ${this.#package} was given them by the program.)`, { code: error.code, cause: error });
    }
  }

  get #origin(): string {
    return this.#settings.origin("options") ?? "the configuration";
  }
}
