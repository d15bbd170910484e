import { writeFileSync } from "node:fs";
import { makeNamedModel, modelNames } from "./named-models.js";

const [name, path, ...rest] = process.argv.slice(2);

if (name === undefined || path === undefined || rest.length > 0) {
  console.error(`Usage: write-model <name> <file>\nNames: ${modelNames.join(", ")}`);
  process.exitCode = 2;
} else {
  writeFileSync(path, makeNamedModel(name));
}
