import { InvalidArgumentError } from "bentoml-core";

const API_NAME = /^[A-Za-z_][\w-]{0,62}$/;
/** The original's, besides the paths below. */
const reservedNames: readonly string[] = ["index", "swagger", "docs"];
const PATH = /^(?:\/[\w.~-]+)+$/;
/** What the server itself answers; also all that is below. */
const reservedPaths: readonly string[] = ["/v2", "/livez", "/readyz", "/healthz", "/metrics", "/docs.json", "/page"];

/** @throws InvalidArgumentError for a name that no API can have. */
export function checkApiName(name: string): void {
  if (!API_NAME.test(name)) throw new InvalidArgumentError(`"${name}" is no name of an API: it has letters, digits, "_" and "-", and begins with a letter`);
  if (reservedNames.includes(name)) throw new InvalidArgumentError(`no API can be called "${name}", which is the server's: give it another name`);
}

/**
 * The path that is meant, with its slash in front.
 *
 * @throws InvalidArgumentError for one that no URL has, or that is the server's own.
 */
export function checkedPath(route: string): string {
  const path = route.startsWith("/") ? route : `/${route}`;
  if (!PATH.test(path) || path.split("/").some((part) => part === "." || part === "..")) {
    throw new InvalidArgumentError(`"${route}" is no path: give one such as "/v1/classify", of letters, digits, "-", "_", "." and "~"`);
  }
  const reserved = reservedPaths.find((own) => path === own || path.startsWith(`${own}/`));
  if (reserved !== undefined) throw new InvalidArgumentError(`the path "${path}" is the server's own, as all of ${reserved}: give another route`);
  return path;
}
