import type { ImageRecipe } from "bentoml-sharp-images";
import sharp from "sharp";

export const photoSize = { width: 1920, height: 1080 } as const;

/** Of the tensor's images. */
export const side = 640;

const mean = [0.485, 0.456, 0.406] as const;
const std = [0.229, 0.224, 0.225] as const;

/** What both do. */
export const recipe: ImageRecipe = { resize: { width: side, height: side, fit: "fill", kernel: "linear" }, mean, std };

/** As people write it: sharp gives HWC bytes, and a loop in the main thread makes CHW floats of them. */
export async function plainTensor(photo: Uint8Array): Promise<Float32Array> {
  const { data } = await sharp(photo, { autoOrient: true })
    .resize({ width: side, height: side, fit: "fill", kernel: "linear" })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const plane = side * side;
  const tensor = new Float32Array(3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      tensor[channel * plane + pixel] = (data[pixel * 3 + channel]! / 255 - mean[channel]!) / std[channel]!;
    }
  }
  return tensor;
}
