/**
 * The models of a Triton server as methods of a runner: one that classifies flowers, and one that describes them word by word.
 *
 *     node docs/examples/triton/triton.mjs [http://127.0.0.1:8000]
 *
 * README.md says how to start the server.
 */
import { readFile } from "node:fs/promises";
import { kwargs } from "bentoml-core";
import { fromServer } from "bentoml-triton-http";

const speciesNames = ["setosa", "versicolor", "virginica"];
const heldOut = await readHeldOut(new URL("../iris/iris.csv", import.meta.url));

const runner = await fromServer(process.argv[2] ?? "http://127.0.0.1:8000");
const { iris, describe } = runner.methods;

// Many callers, one flower each; the server joins them.
const answers = await Promise.all(heldOut.map(({ measures }) => iris([measures])));
const right = answers.filter((answer, row) => nameOf(answer) === heldOut[row].species).length;
console.log(`${right} of ${heldOut.length} held-out flowers are classified right.`);

// The model gives a word at a time; leaving the loop would end it.
for await (const word of describe.stream(kwargs({ species: [nameOf(answers[0])] }))) process.stdout.write(`${word.at(0)} `);
process.stdout.write("\n");

// What cannot be right is refused before it is sent.
await iris([[5.1, 3.5, 1.4]]).catch((error) => console.log(error.message));

await runner.destroy();

/** @param {import("bentoml-core").NdArray} probabilities Of one flower. */
function nameOf(probabilities) {
  const [row] = probabilities.toNested();
  return speciesNames[row.indexOf(Math.max(...row))];
}

/** @param {URL} file */
async function readHeldOut(file) {
  const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n").map((line) => line.split(","));
  const flowers = lines.map((cells) => ({ measures: cells.slice(0, 4).map(Number), species: cells[4] }));
  return flowers.filter((_, row) => row % 5 === 4);
}
