import { measureAccuracy } from "./accuracy.js";
import { readHeldOut } from "./held-out-data.js";
import { modelPath } from "./model-path.js";

const path = process.argv[2] ?? modelPath;
const digits = readHeldOut();
const accuracy = await measureAccuracy(path, digits);
console.log(`${path}: ${(accuracy * 100).toFixed(2)} % of ${digits.count} held-out digits`);
