import type { ModelSummary } from "../src/page/page-data.js";
import type { ApiOperation } from "./openapi.js";

/** What the address asks for. */
export type Place = { readonly kind: "overview" } | { readonly kind: "live" } | { readonly kind: "model"; readonly name: string; readonly version: string } | { readonly kind: "api"; readonly path: string };

export function modelAddress({ name, version }: Pick<ModelSummary, "name" | "version">): string {
  return `#/model/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
}

export function apiAddress({ path }: Pick<ApiOperation, "path">): string {
  return `#/api/${encodeURIComponent(path)}`;
}

/** The place of an address's hash; undefined for a hash that is none of the router's, such as an element's id. */
export function placeOf(hash: string): Place | undefined {
  if (hash === "" || hash === "#") return { kind: "overview" };
  const [root, kind, one = "", two = ""] = hash.split("/").map(decoded);
  if (root !== "#") return undefined;
  if (kind === "model") return { kind, name: one, version: two };
  if (kind === "api") return { kind, path: one };
  return kind === "live" ? { kind } : { kind: "overview" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
