/**
 * Flowers from a table: a frame goes through a fitted pipeline, and what that makes through an ONNX classifier, in one call each.
 *
 *     node docs/examples/iris/iris.mjs
 *
 * Models go into the store under $BENTOML_HOME.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as frames from "bentoml-danfo-dataframes";
import * as onnx from "bentoml-onnx";

const measures = ["sepal length", "sepal width", "petal length", "petal width"];
const speciesNames = ["setosa", "versicolor", "virginica"];

const flowers = await readFlowers(new URL("iris.csv", import.meta.url));
// Every fifth flower is held out: neither the pipeline nor the classifier has seen it.
const training = flowers.filter((_, row) => row % 5 !== 4);
const heldOut = flowers.filter((_, row) => row % 5 === 4);

const pipeline = new frames.Pipeline({ steps: [{ kind: "select", columns: measures }, { kind: "standardScaler" }] });
const features = (await frames.saveModel("iris-features", pipeline.fit(training))).toRunner();
const classifier = (await onnx.saveModel("iris", fileURLToPath(new URL("iris.onnx", import.meta.url)))).toRunner();

/** @param {frames.DataFrameInput} table Rows with the four measures, in cm: a frame of danfo, or a list of records as here. */
async function classify(table) {
  const probabilities = await classifier.run(await features.transform(table));
  return probabilities.toNested().map((row) => speciesNames[row.indexOf(Math.max(...row))]);
}

// Many callers, one flower each, as it is on a server; they share batches.
const answers = await Promise.all(heldOut.map(async (flower) => (await classify([flower]))[0]));
const right = heldOut.filter(({ species }, row) => species === answers[row]).length;
console.log(`${right} of ${heldOut.length} held-out flowers are classified right.`);

await Promise.all([features.destroy(), classifier.destroy()]);

/** @param {URL} file */
async function readFlowers(file) {
  const [header, ...lines] = (await readFile(file, "utf8")).trim().split("\n").map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(header.map((name, place) => [name, name === "species" ? cells[place] : Number(cells[place])])));
}
