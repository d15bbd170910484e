/** Saves what the service needs into the store under $BENTOML_HOME: the digits model of this repository, and a recipe for its images. */
import { fileURLToPath } from "node:url";
import * as onnx from "bentoml-onnx";
import * as images from "bentoml-sharp-images";

/** A digit of any size in dark on light becomes the 8 x 8 pixels that the model has learnt from: 0 is paper, 16 is ink. */
const recipe = {
  limits: { maxBytes: 5_000_000, maxPixels: 25_000_000 },
  trim: { threshold: 40 },
  resize: { width: 8, height: 8, fit: "contain", background: "#ffffff", kernel: "lanczos3" },
  alpha: { background: "#ffffff" },
  colourSpace: "grey",
  invert: true,
  scale: 16 / 255,
};

await images.saveModel("digit-image", recipe);
await onnx.saveModel("digits", fileURLToPath(new URL("../../../tools/digits/model/digits.onnx", import.meta.url)));
