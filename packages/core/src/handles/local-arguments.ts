import { NdArray } from "../ndarray/index.js";
import { defaultRegistry, ownedPayload, type Params } from "../containers/index.js";

/** A method's arguments as copies of the caller's, keywords last as one record; a promise when a container works asynchronously. */
export function copiedArguments(params: Params): readonly unknown[] | Promise<readonly unknown[]> {
  const copies = params.args.map(copied);
  const keywords = Object.entries(params.kwargs).map(([name, value]) => [name, copied(value)] as const);
  if ([...copies, ...keywords.map(([, value]) => value)].some((value) => value instanceof Promise)) return waitFor(copies, keywords);
  return keywords.length === 0 ? copies : [...copies, Object.fromEntries(keywords)];
}

async function waitFor(copies: readonly unknown[], keywords: readonly (readonly [string, unknown])[]): Promise<readonly unknown[]> {
  const args = await Promise.all(copies);
  if (keywords.length === 0) return args;
  const values = await Promise.all(keywords.map(([, value]) => value));
  return [...args, Object.fromEntries(keywords.map(([name], index) => [name, values[index]]))];
}

function copied(value: unknown): unknown {
  if (NdArray.isNdArray(value)) return value.clone();
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  const container = defaultRegistry.containerOf(value);
  const payload = ownedPayload(container.toPayload(value, 0));
  return payload instanceof Promise ? payload.then((ready) => container.fromPayload(ready)) : container.fromPayload(payload);
}
