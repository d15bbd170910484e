import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../references", import.meta.url));

/** An image, and what Pillow, NumPy or LittleCMS make of it. */
export interface Reference {
  readonly name: string;
  /** Absolute path of the image. */
  readonly file: string;
  readonly method: "decode" | "preprocess";
  /** For bentoml-sharp-images. */
  readonly recipe: object;
  readonly dtype: "uint8" | "uint16" | "float16" | "float32";
  readonly shape: readonly number[];
  /** The expected values. */
  readonly values: Uint8Array | Uint16Array | Float32Array;
  /** The largest difference that any value may have. */
  readonly within: number | undefined;
  /** The largest mean difference. */
  readonly mean: number | undefined;
  /** Whether the image was made smaller or larger, which no two programs do alike. */
  readonly resized: boolean;
}

interface WrittenReference {
  readonly name: string;
  readonly file: string;
  readonly values: string;
  readonly dtype: "uint8" | "uint16" | "float32";
  /** What the bits of a uint16 stand for. */
  readonly bits?: "float16";
  readonly shape: readonly number[];
  readonly method: "decode" | "preprocess";
  readonly recipe?: object;
  readonly within?: number;
  readonly mean?: number;
  readonly resized?: boolean;
}

const classes = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };

export function readReferences(): Reference[] {
  const written = JSON.parse(readFileSync(join(folder, "references.json"), "utf8")) as WrittenReference[];
  return written.map(({ name, file, values, dtype, bits, shape, method, recipe = {}, within, mean, resized = false }) => {
    const { buffer } = Uint8Array.from(readFileSync(join(folder, values)));
    return { name, file: join(folder, file), method, recipe, dtype: bits ?? dtype, shape, values: new classes[dtype](buffer), within, mean, resized };
  });
}
