import { sharedPart } from "../copies/index.js";
import { configurationError, didYouMean } from "../configuration/index.js";
import { cpuResource } from "./cpu-resource.js";
import { nvidiaGpuResource } from "./nvidia-gpu-resource.js";
import type { Resource, ResourceRequest } from "./resource.js";

const SYSTEM = "system";

/** The known kinds of resources. */
export class ResourceRegistry {
  readonly #kinds = new Map<string, Resource>();

  constructor(
    kinds: readonly Resource[] = [],
    /** More kinds, which go before those of the same id. They are asked for at each use. */
    private readonly added: () => ReadonlyMap<string, Resource> = noneAdded,
  ) {
    for (const kind of kinds) this.register(kind);
  }

  /** Takes an object, or a class whose instances have a Resource's members. A kind of the same id is replaced. */
  register(kind: Resource | (new () => Resource)): void {
    const made = instanceOf(kind);
    this.#kinds.set(made.resourceId, made);
  }

  /**
   * The amount of one kind in a request, checked against the machine; undefined when it does not ask for this kind. "system" is all
   * that the machine has.
   *
   * @throws InvalidArgumentError for an unknown kind, and for an amount that cannot be read or given.
   */
  get(request: ResourceRequest, resourceId: string): unknown {
    const kind = this.#kind(resourceId);
    const spec = request[resourceId];
    if (spec === undefined || spec === null) return undefined;
    if (spec === SYSTEM) return kind.fromSystem();
    const value = kind.fromSpec(spec);
    kind.validate(value);
    return value;
  }

  /** What this machine has, by kind. */
  system(): ResourceRequest {
    return Object.fromEntries([...this.#all().values()].map((kind) => [kind.resourceId, kind.fromSystem()]));
  }

  /** Reads every kind that a request asks for, so that a misspelt one is told and not left out. */
  check(request: ResourceRequest): void {
    for (const resourceId of Object.keys(request)) this.get(request, resourceId);
  }

  #all(): ReadonlyMap<string, Resource> {
    return new Map([...this.#kinds, ...this.added()]);
  }

  #kind(resourceId: string): Resource {
    const all = this.#all();
    const kind = all.get(resourceId);
    if (kind !== undefined) return kind;
    const known = [...all.keys()];
    throw configurationError(
      `Unknown kind of resource "${resourceId}"${didYouMean(resourceId, known)}. Known kinds: ${known.join(", ")}. registerResource() adds others.`,
    );
  }
}

/** Those of `registerResource`: one list for all installed copies of this package. */
function addedKinds(): Map<string, Resource> {
  return sharedPart("resources", () => new Map<string, Resource>());
}

function noneAdded(): ReadonlyMap<string, Resource> {
  return new Map();
}

function instanceOf(kind: Resource | (new () => Resource)): Resource {
  return typeof kind === "function" ? new kind() : kind;
}

/** The kinds that runners know unless they are told otherwise. */
export const defaultResources: ResourceRegistry = new ResourceRegistry([cpuResource(), nvidiaGpuResource()], addedKinds);

/** Adds a kind of the user's own, an object or a class, for all runners of this process. */
export function registerResource(kind: Resource | (new () => Resource)): void {
  const made = instanceOf(kind);
  addedKinds().set(made.resourceId, made);
}

/** What this machine has, by kind: `{ cpu: 3.5, "nvidia.com/gpu": [0, 1] }`. */
export function systemResources(): ResourceRequest {
  return defaultResources.system();
}
