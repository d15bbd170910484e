import { isDeepStrictEqual } from "node:util";
import { InvalidArgumentError } from "bentoml-core";
import type { Sharp } from "sharp";
import { explainReadFailure } from "./image-errors.js";
import { runPipeline } from "./run-pipeline.js";

/** An instance of the class that `sharp(…)` gives. */
export type SharpInstance = Sharp;

/** What a sharp instance stands for: its untouched input, or the pixels that its pipeline gives. */
export type SharpContent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "pixels"; readonly data: Uint8Array | Uint16Array; readonly width: number; readonly height: number; readonly channels: number };

/** Fields of an instance that sharp does not document; read with suspicion. */
interface InstanceInternals {
  readonly options?: Readonly<Record<string, unknown>> & { readonly input?: Readonly<Record<string, unknown>> };
  readonly constructor: new (input: unknown) => InstanceInternals;
}

/** By its looks, so that sharp is not loaded to tell. */
export function isSharpInstance(value: unknown): value is SharpInstance {
  if (typeof value !== "object" || value === null) return false;
  const { constructor, toBuffer, metadata, clone } = value as Readonly<Record<string, unknown>>;
  if (typeof constructor !== "function" || constructor.name !== "Sharp") return false;
  return [toBuffer, metadata, clone].every((method) => typeof method === "function");
}

/**
 * The bytes or path of an instance without any step, so that a file travels as it is; otherwise the pixels of its pipeline,
 * which loses nothing but EXIF: an image that the pipeline does not turn (`autoOrient()`) stays as it lies.
 *
 * @throws InvalidArgumentError for an instance that waits for a stream, and for images that cannot be read.
 */
export async function readSharpInstance(instance: SharpInstance): Promise<SharpContent> {
  const input = untouchedInput(instance);
  if (input !== undefined) return input;
  if (isStreaming(instance)) {
    throw new InvalidArgumentError("A sharp instance without an input waits for a stream and cannot be given to a runner: collect the bytes and pass those.");
  }
  try {
    return await pixelsOf(instance);
  } catch (error) {
    throw explainReadFailure(error);
  }
}

function isStreaming(instance: SharpInstance): boolean {
  return Array.isArray(internals(instance).options?.input?.["buffer"]);
}

function internals(instance: SharpInstance): InstanceInternals {
  return instance as unknown as InstanceInternals;
}

/** An instance made anew from the same input has the same options if no step was added. */
function untouchedInput(instance: SharpInstance): SharpContent | undefined {
  const { options, constructor } = internals(instance);
  const file = options?.input?.["file"];
  const buffer = options?.input?.["buffer"];
  const path = typeof file === "string" && file !== "" ? file : undefined;
  const bytes = buffer instanceof Uint8Array && buffer.byteLength > 0 ? buffer : undefined;
  const given = path ?? bytes;
  if (given === undefined) return undefined;
  const fresh = new constructor(given).options;
  if (!sameOptions(options, fresh)) return undefined;
  return path === undefined ? { kind: "bytes", bytes: bytes as Uint8Array } : { kind: "file", path };
}

function sameOptions(left: InstanceInternals["options"], right: InstanceInternals["options"]): boolean {
  return isDeepStrictEqual(comparable(left), comparable(right));
}

/** Without functions, and without the bytes, which a clone holds in another class. */
function comparable(options: InstanceInternals["options"] = {}): object {
  const plain = Object.entries(options).filter(([, value]) => typeof value !== "function");
  return { ...Object.fromEntries(plain), input: { ...options.input, buffer: undefined } };
}

async function pixelsOf(instance: SharpInstance): Promise<SharpContent> {
  const { bytes, info } = await runPipeline(instance.clone().raw());
  const { width, height, channels } = info;
  return { kind: "pixels", data: bytes, width, height, channels };
}
