/** What other programs make of small images, which `make-references.py` wrote; and images that tests make as they need them. */
export { readReferences, type Reference } from "./references.js";
export { floatTiff, hugePng, someFile, somePixels, type SampleFormat } from "./sample-images.js";
