export { measureAccuracy } from "./accuracy.js";
export { pixelsPerImage, type DigitSet } from "./digit-set.js";
export { heldOutPath, readHeldOut } from "./held-out-data.js";
export { modelPath } from "./model-path.js";
export { readTraining, trainingPath } from "./training-data.js";
