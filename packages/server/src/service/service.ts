import { InvalidArgumentError, StateError, Tag } from "bentoml-core";
import type { ServableRunner, ServedModel } from "../served-model.js";
import type { Api, ApiHandler, ApiOptions } from "./api.js";
import { checkApiName, checkedPath } from "./api-path.js";
import type { Mount, MountedPlugin } from "./mounted-apps.js";
import { modelsOfRunners } from "./service-models.js";

/** What a service has besides its name and APIs. */
export interface ServiceOptions {
  /** The runners that the APIs call. A server that owns them starts and ends them. */
  readonly runners?: readonly ServableRunner[];
  /** Models to serve by the Open Inference Protocol besides those that the runners' signatures tell. */
  readonly models?: readonly ServedModel[];
  /** Stands in metrics and in the OpenAPI document. */
  readonly version?: string;
  /** What it does, for OpenAPI. */
  readonly doc?: string;
}

/** Something to be done when a service starts or ends. */
export type ServiceHook = () => void | PromiseLike<void>;

/** APIs over HTTP, and the runners that they call: `new ModelServer({ service })` serves it. */
export class Service {
  /** The service's name. */
  readonly name: string;
  /** Stands in metrics and in the OpenAPI document. */
  readonly version: string | undefined;
  /** What it does, for OpenAPI. */
  readonly doc: string | undefined;
  /** The runners that the APIs call. */
  readonly runners: readonly ServableRunner[];
  /** Served by the Open Inference Protocol: each method of a runner whose inputs are known, and those that were given. */
  readonly models: readonly ServedModel[];
  readonly #apis: Api[] = [];
  readonly #mounts: Mount[] = [];
  readonly #startupHooks: ServiceHook[] = [];
  readonly #shutdownHooks: ServiceHook[] = [];
  readonly #deploymentHooks: ServiceHook[] = [];
  #isFrozen = false;

  /** @throws InvalidArgumentError for a name that no tag can have, and for two runners of one name. */
  constructor(name: string, { runners = [], models = [], version, doc }: ServiceOptions = {}) {
    this.name = serviceName(name);
    this.version = version;
    this.doc = doc;
    this.runners = checkedRunners(runners, this.name);
    this.models = [...modelsOfRunners(this.runners), ...models];
  }

  /** The APIs, in the order in which they were added. */
  get apis(): readonly Api[] {
    return this.#apis;
  }

  /** The plugins, in the order in which they were added. */
  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /**
   * Adds an API: `POST /<name>`, or at its own route.
   *
   * @throws InvalidArgumentError for a name or a route that is taken or cannot be, StateError once a server was made of the service.
   */
  api<In, Out>(name: string, options: ApiOptions<In, Out>, handler: ApiHandler<NoInfer<In>, NoInfer<Out>>): void {
    const { input, output, route, doc, timeoutMs } = options;
    this.#checkOpen(`API ${name}`);
    checkApiName(name);
    checkTimeout(name, timeoutMs);
    const path = checkedPath(route ?? name);
    const taken = this.#apis.find((api) => api.name === name || api.path === path);
    if (taken?.name === name) throw new InvalidArgumentError(`API ${name} is already defined in service ${this.name}: give one of the two another name`);
    if (taken !== undefined) throw new InvalidArgumentError(`the APIs ${taken.name} and ${name} of service ${this.name} have the same route ${path}: give one of them another`);
    const mount = this.#mounts.find((mounted) => isAtOrBelow(path, mounted.path));
    if (mount !== undefined) throw new InvalidArgumentError(`the route ${path} of API ${name} is below ${mount.path}, where a plugin is mounted: give it another`);
    // Each API keeps its own types together: what its input gives is what its handler takes.
    this.#apis.push({ name, path, doc, timeoutMs, input, output, handler } as unknown as Api);
  }

  /**
   * Lets a plugin of Fastify answer at a path and all that is below it, with access, limits and metrics as everywhere.
   *
   * @throws InvalidArgumentError for a path that is taken or cannot be, StateError once a server was made of the service.
   */
  mount(path: string, plugin: MountedPlugin): void {
    this.#checkOpen(`the plugin at ${path}`);
    const mounted = checkedPath(path);
    const taken = [...this.#apis.map((api) => api.path), ...this.#mounts.map((mount) => mount.path)].find((other) => isAtOrBelow(other, mounted) || isAtOrBelow(mounted, other));
    if (taken !== undefined) throw new InvalidArgumentError(`nothing can be mounted at ${mounted}: service ${this.name} has ${taken} already`);
    this.#mounts.push({ path: mounted, plugin });
  }

  /** To be done when a server starts, once its runners have: what it throws stops the start. Hooks are done one after the other. */
  onStartup(hook: ServiceHook): void {
    this.#startupHooks.push(hook);
  }

  /** To be done when a server ends: all requests are answered, the runners still there. */
  onShutdown(hook: ServiceHook): void {
    this.#shutdownHooks.push(hook);
  }

  /** To be done once for all processes that serve, before they start. */
  onDeployment(hook: ServiceHook): void {
    this.#deploymentHooks.push(hook);
  }

  /** For servers: from now on nothing is added, as they answer what is there when they are made. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** For servers: does what `onStartup` was told. */
  runStartupHooks(): Promise<void> {
    return runAll(this.#startupHooks);
  }

  /** For servers: does what `onShutdown` was told. */
  runShutdownHooks(): Promise<void> {
    return runAll(this.#shutdownHooks);
  }

  /** For whoever starts the processes: does what `onDeployment` was told. */
  runDeploymentHooks(): Promise<void> {
    return runAll(this.#deploymentHooks);
  }

  #checkOpen(what: string): void {
    if (!this.#isFrozen) return;
    throw new StateError(`${what} comes too late: a server was made of service ${this.name} already, and would never answer it. Add all APIs and plugins before new ModelServer({ service })`);
  }
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

async function runAll(hooks: readonly ServiceHook[]): Promise<void> {
  for (const hook of hooks) await hook();
}

function serviceName(given: string): string {
  const name = given.toLowerCase();
  if (!isTagName(name)) {
    throw new InvalidArgumentError(`"${given}" is no name of a service: 1 to 63 of a-z, 0-9, "-", "_" and ".", beginning and ending with a letter or digit`);
  }
  if (name !== given) {
    process.emitWarning(`Converting service name "${given}" to lower case: "${name}".`, { type: "BentoMLWarning", code: "BENTOML_SERVICE_NAME" });
  }
  return name;
}

function isTagName(name: string): boolean {
  try {
    return !name.includes(":") && Tag.parse(name).name === name;
  } catch {
    return false;
  }
}

function checkedRunners(runners: readonly ServableRunner[], service: string): readonly ServableRunner[] {
  for (const [index, { name }] of runners.entries()) {
    if (runners.findIndex((runner) => runner.name === name) !== index) {
      throw new InvalidArgumentError(`two runners of service ${service} are called "${name}": give one of them another name, toRunner({ name })`);
    }
  }
  return [...runners];
}

function checkTimeout(api: string, timeoutMs: number | undefined): void {
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    throw new InvalidArgumentError(`timeoutMs of API ${api} must be a number of milliseconds above 0, it is ${timeoutMs}`);
  }
}
