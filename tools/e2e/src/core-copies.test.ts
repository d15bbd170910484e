import { afterAll, beforeAll, expect, test } from "vitest";
import { ProgramTree, type CopiedRelease, type StepAnswers } from "./core-copies-tree.js";

const trees: ProgramTree[] = [];

function tree(nested?: CopiedRelease): ProgramTree {
  const made = ProgramTree.layOut(nested);
  trees.push(made);
  return made;
}

let ofOneCopy: StepAnswers;
beforeAll(() => {
  ofOneCopy = tree().run("program");
});
afterAll(() => trees.forEach((made) => made.remove()));

test("with one copy every step does what it should", () => {
  const failed = Object.entries(ofOneCopy).filter(([, answer]) => typeof answer === "object" && answer !== null && "thrown" in answer);
  const refused = ["local", "threads", "processes", "remote"].flatMap((place) => [`${place}: an error`, `${place}: the caller's mistake`]);
  expect(failed.map(([name]) => name)).toEqual(["get what is not there", ...refused]);
  expect(Object.keys(ofOneCopy).length).toBeGreaterThan(35);
  expect(ofOneCopy).toMatchObject({
    "threads: its own values": [{ grid: [[2, 1]], container: "GridContainer" }, { grid: [[4, 3], [6, 5]], container: "GridContainer" }],
    "remote: the caller's trace": ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    "a runner inside of its worker": "NESTED_RUNNER",
    "over HTTP": { status: 200 },
  });
});

test.each([
  ["the same release", { version: "0.1.0" }],
  ["another release of the same contract", { version: "0.9.9" }],
])("an adapter with a copy of its own gives the same answers, and the same errors: %s", (_what, nested) => {
  expect(tree(nested).run("program")).toEqual(ofOneCopy);
});

const CURE = 'Have one copy: "npm ls bentoml-core" shows who brings another, "npm dedupe" or an update of that package removes it. Adapters list bentoml-core in "peerDependencies" only.';

test("a release of another contract is refused where both would be used, with both versions and the cure", () => {
  const program = tree({ version: "2.0.0", contract: 2 });
  const message = `Two copies of bentoml-core are loaded that cannot work together: 0.1.0 and 2.0.0 (their contracts are 1 and 2). ${CURE}`;
  expect(program.run("program")).toEqual({ "the program": { thrown: { of: ["BentoMLError", "StateError"], ours: true, code: "CORE_COPIES", status: 500, message } } });
});

test("nor do values of one get into the other, in the thread of the caller or in the worker's", () => {
  const steps = tree({ version: "2.0.0", contract: 2 }).run("misfits");
  const arrayOf = (made: number, release: string, here: number): string =>
    `This NdArray was made by another copy of bentoml-core, of a release that bentoml-core ${release} cannot work with (its contract is ${String(made)}, here it is ${String(here)}). ${CURE}`;
  expect(steps).toEqual({
    "an array of the adapter's copy, to a Runnable of the program's": {
      code: "INVALID_RESULT",
      message: `Method "negate" returned a value that cannot be sent: ${arrayOf(1, "2.0.0", 2)}`,
    },
    "an array of the program's copy": { code: "CORE_COPIES", message: arrayOf(1, "2.0.0", 2) },
    "it in a list": { code: "CORE_COPIES", message: arrayOf(1, "2.0.0", 2) },
    "keywords of the program's copy": { code: "CORE_COPIES", message: arrayOf(1, "2.0.0", 2).replace("NdArray", "Params") },
    "a container of the adapter's copy": { gave: null },
    "look-ups in the program's copy": {
      code: "CORE_COPIES",
      message: `Two copies of bentoml-core are loaded that cannot work together: 2.0.0 and 0.1.0 (their contracts are 2 and 1). ${CURE}`,
    },
  });
  expect(JSON.stringify(steps)).not.toContain("node_modules");
});
