import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BentoMLError } from "../errors/index.js";
import { ModelStore, type StoredModel } from "./index.js";
import { StoreScript } from "./store-process.testing.js";

let folder: string;
let store: ModelStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "several-processes-"));
  store = new ModelStore(join(folder, "store"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PROCESSES = 4;
const ROUNDS = 6;

/** Saves tags that all processes save, tags of its own, and models without a version; prints what it saved and what it was refused. */
const SAVER = `
const [root, own, rounds] = parameters;
const store = new ModelStore(root);
const results = { saved: [], refused: {} };
async function save(name) {
  try {
    const model = await store.create({ name, module: "none" }, async (draft) => {
      for (const file of ["a", "b", "c"]) fs.writeFileSync(draft.pathOf(file), own);
      return facts;
    });
    results.saved.push(model.tag.toString());
  } catch (error) {
    results.refused[name] = error.code;
  }
}
for (let round = 0; round < Number(rounds); round++) {
  await Promise.all([save("digits:shared" + round), save("digits:own" + own + round), save("digits"), save("other" + round + ":v1")]);
}
process.stdout.write(JSON.stringify(results));
`;

interface SaverResults {
  readonly saved: readonly string[];
  readonly refused: Readonly<Record<string, string>>;
}

test("of several processes that save one tag exactly one wins, all other tags are saved, and latest is the newest", async () => {
  const script = new StoreScript(folder, SAVER);
  const ended = await Promise.all(Array.from({ length: PROCESSES }, (_, own) => script.run([store.root, own, ROUNDS])));
  const results = ended.map(({ output, errors }) => {
    expect(errors).toBe("");
    return JSON.parse(output) as SaverResults;
  });
  const saved = results.flatMap((result) => result.saved);
  const contested = Array.from({ length: ROUNDS }, (_, round) => [`digits:shared${round}`, `other${round}:v1`]).flat();
  for (const tag of contested) {
    expect(saved.filter((each) => each === tag), tag).toHaveLength(1);
    expect(results.flatMap(({ refused }) => refused[tag] ?? []), tag).toEqual(Array(PROCESSES - 1).fill("MODEL_EXISTS"));
  }
  expect(saved).toHaveLength(contested.length + PROCESSES * ROUNDS * 2);
  expect(store.list().map(String)).toEqual([...saved].sort());

  for (const model of store.list()) {
    expect(await store.verify(model.tag)).toMatchObject({ manifest: "matches", files: 3 });
    expect(new Set(["a", "b", "c"].map((file) => readFileSync(model.pathOf(file), "utf8"))).size, "all files are of one saver").toBe(1);
  }
  expect(readFileSync(join(store.root, "models", "digits", "latest"), "utf8")).toBe(newestVersion(store.list("digits")));
  expect(readdirSync(join(store.root, "tmp"))).toEqual([]);
}, 120_000);

function newestVersion(models: readonly StoredModel[]): string {
  const times = models.map((model) => model.info.creationTimeText).sort();
  const newest = models.filter((model) => model.info.creationTimeText === times.at(-1));
  return newest.at(-1)!.tag.version;
}

/** Saves and deletes models, again and again. */
const CHURNER = `
const [root, rounds] = parameters;
const store = new ModelStore(root);
for (let round = 0; round < Number(rounds); round++) {
  await store.create({ name: "digits:v" + round, module: "none" }, async (draft) => {
    for (const file of ["a", "b", "c"]) fs.writeFileSync(draft.pathOf(file), Buffer.alloc(100_000));
    return facts;
  });
  store.delete("digits");
}
`;

test("who reads while another process deletes gets a whole model, or hears that it is not there", async () => {
  const script = new StoreScript(folder, CHURNER);
  const over = new AbortController();
  const churned = script.run([store.root, 150]).finally(() => over.abort());
  const outcomes = new Set<string>();
  const archive = join(folder, "model.tar");
  const readings: (() => unknown)[] = [
    () => store.get("digits:v"),
    () => store.get("digits"),
    () => store.list(),
    () => store.verify("digits"),
    () => store.export("digits", archive),
  ];
  for (let turn = 0; !over.signal.aborted; turn++) {
    try {
      await readings[turn % readings.length]!();
    } catch (error) {
      outcomes.add(error instanceof BentoMLError ? error.code : String(error));
    }
    await new Promise(setImmediate);
  }
  expect((await churned).errors).toBe("");
  outcomes.delete("MODEL_NOT_FOUND");
  expect([...outcomes]).toEqual([]);
  expect(store.list()).toEqual([]);
  expect(readdirSync(join(store.root, "models"))).toEqual([]);
}, 120_000);
