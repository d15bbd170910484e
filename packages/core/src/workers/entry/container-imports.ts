import { NotFoundError } from "../../errors/index.js";
import type { ContainerModule, ContainerRegistry, Payload } from "../../containers/index.js";

/**
 * Containers that the program has registered with a module, for a thread that has its own registry: a module is imported when
 * a payload names its container, or when a result is an instance of a class that no container here takes.
 */
export class ContainerImports {
  readonly #waiting = new Map<string, string>();
  /** Imports under way: the payloads of a second batch must wait for them too. */
  readonly #importing = new Map<string, Promise<void>>();
  /** Those of which the user has been warned. */
  readonly #failed = new Set<string>();

  constructor(
    private readonly registry: ContainerRegistry,
    private readonly importModule: (url: string) => Promise<unknown> = (url) => import(url),
  ) {}

  /** More registrations, known but not imported yet. */
  add(modules: readonly ContainerModule[]): void {
    for (const { container, module } of modules) this.#waiting.set(container, module);
  }

  /** @throws NotFoundError when a module does not load, or does not register its container. A name of no module is left to the registry. */
  async forPayloads(payloads: readonly (readonly Payload[])[]): Promise<void> {
    if (this.#waiting.size === 0) return;
    const names = new Set(payloads.flat().map(({ container }) => container));
    for (const name of names) await this.#import(name);
  }

  /**
   * Imports all that is left, once, when it may help `result`. A module that fails is only warned about: the container that
   * is missing may be another one's, and a result without one is refused in any case.
   */
  async forResult(result: unknown): Promise<void> {
    if (this.#waiting.size === 0 || !isInstance(result) || this.registry.containerOf(result) !== this.registry.fallback) return;
    for (const name of [...this.#waiting.keys()]) {
      if (this.#failed.has(name)) continue;
      await this.#import(name).catch((error: unknown) => {
        this.#failed.add(name);
        process.emitWarning(error instanceof Error ? error.message : String(error), { type: "BentoMLWarning", code: "BENTOML_CONTAINER_MODULE" });
      });
    }
  }

  #import(name: string): Promise<void> {
    const underWay = this.#importing.get(name);
    const url = this.#waiting.get(name);
    if (underWay !== undefined || url === undefined) return underWay ?? Promise.resolve();
    const importing = this.#load(name, url).finally(() => this.#importing.delete(name));
    this.#importing.set(name, importing);
    return importing;
  }

  async #load(name: string, url: string): Promise<void> {
    try {
      const loaded = (await this.importModule(url)) as { readonly register?: unknown };
      if (typeof loaded.register === "function") await (loaded.register as () => unknown)();
      this.registry.findByName(name);
    } catch (cause) {
      throw unusable(name, url, cause);
    }
    this.#waiting.delete(name);
  }
}

/** Of a class: what lists, plain records and primitives are not. */
function isInstance(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}

function unusable(name: string, url: string, cause: unknown): NotFoundError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NotFoundError(
    `Container "${name}" cannot be had in a worker from ${url}: ${reason} The module must register it when it is imported, or export a function register() that does.`,
    { code: "CONTAINER_NOT_FOUND", cause },
  );
}
