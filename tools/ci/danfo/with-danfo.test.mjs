/** Real frames of danfo through containers and runners: of danfojs, or of the package that the variable DANFO names. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Runner, autoContainer } from "bentoml-core";
import { DataFrame, Pipeline, get, register, saveModel } from "bentoml-danfo-dataframes";
import { FirstLetters } from "./first-letters.mjs";

const danfo = await import(process.env.DANFO ?? "danfojs");

register();

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const cells = {
  float32: (random) => (random() < 0.2 ? null : random() < 0.1 ? NaN : random() * 1e6),
  int32: (random) => (random() < 0.2 ? null : Math.floor(random() * 2 ** 32) - 2 ** 31),
  string: (random) => (random() < 0.2 ? null : `text ${String(random())} ☃`),
  boolean: (random) => (random() < 0.2 ? null : random() < 0.5),
};

function randomFrame(random, columns, dtypes) {
  const rows = Math.floor(random() * 8);
  const values = Array.from({ length: rows }, () => dtypes.map((dtype) => cells[dtype](random)));
  if (rows === 0) return new danfo.DataFrame([], { columns, dtypes });
  const index = random() < 0.5 ? undefined : Array.from({ length: rows }, (_, row) => `row ${row}`);
  return new danfo.DataFrame(values, { columns, dtypes, ...(index === undefined ? {} : { index }) });
}

function randomFrames(seed) {
  const random = seededRandom(seed);
  const dtypes = Array.from({ length: 1 + Math.floor(random() * 5) }, () => Object.keys(cells)[Math.floor(random() * 4)]);
  const columns = dtypes.map((dtype, place) => `${dtype} ${place}`);
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomFrame(random, columns, dtypes));
}

const seen = ({ columns, dtypes, index, values, constructor }) => ({ columns, dtypes, index, values, constructor });

describe("containers", () => {
  test("100 lists of random frames come back from payloads and from joins as they were", async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const frames = randomFrames(seed);
      for (const frame of frames) assert.deepEqual(seen(await autoContainer.fromPayload(await autoContainer.toPayload(frame, 0))), seen(frame), `seed ${seed}`);
      const { batch, indices } = autoContainer.batchesToBatch(frames, 0);
      assert.deepEqual(autoContainer.batchToBatches(batch, indices, 0).map(seen), frames.map(seen), `seed ${seed}`);
    }
  });

  test("series too", async () => {
    const series = [new danfo.Series([1, 2], { index: ["a", "b"] }), new danfo.Series([3.5, null])];
    for (const one of series) assert.deepEqual(seen(await autoContainer.fromPayload(await autoContainer.toPayload(one, 0))), seen(one));
    const { batch, indices } = autoContainer.batchesToBatch(series, 0);
    const values = autoContainer.batchToBatches(batch, indices, 0);
    assert.deepEqual(values.map((one) => [one.constructor, one.values, one.index]), series.map((one) => [danfo.Series, one.values, one.index]));
  });

  test("a join changes none of its frames, as danfo's own does", () => {
    const frames = [1, 2].map((value) => new danfo.DataFrame([[value]], { columns: ["a"] }));
    autoContainer.batchesToBatch(frames, 0);
    assert.deepEqual(frames.map((frame) => frame["a"].values), [[1], [2]]);
  });

  test("columns may be called as the fields of a frame are", async () => {
    const frame = new danfo.DataFrame([[1, 2, "x"]], { columns: ["index", "values", "columns"] });
    const back = DataFrame.from(await autoContainer.fromPayload(await autoContainer.toPayload(frame, 0)));
    assert.deepEqual(back.toRecords(), [{ index: 1, values: 2, columns: "x" }]);
  });
});

test("join and split of 8 frames of 1,000 x 10 take a fraction of the time of danfo's concat and iloc", () => {
  const values = Array.from({ length: 1000 }, (_, row) => Array.from({ length: 10 }, (_unused, place) => row * 10.5 + place));
  const columns = Array.from({ length: 10 }, (_, place) => `c${place}`);
  const foreign = () => new danfo.DataFrame(values, { columns });
  const ours = Array.from({ length: 8 }, () => DataFrame.from(foreign()));
  const cut = (frames) => {
    const { batch, indices } = autoContainer.batchesToBatch(frames, 0);
    return autoContainer.batchToBatches(batch, indices, 0);
  };
  // danfo's concat corrupts its first frame, so each round needs new ones.
  const danfos = measured(() => Array.from({ length: 8 }, foreign), (dfList) => {
    const joined = danfo.concat({ dfList, axis: 0 });
    return dfList.map((_, part) => joined.iloc({ rows: [`${part * 1000}:${(part + 1) * 1000}`] }));
  });
  const forOurs = measured(() => ours.map(({ table }) => new DataFrame({ ...table, origins: undefined })), cut);
  const throughDanfos = measured(() => Array.from({ length: 8 }, foreign), cut);
  // Whoever gives danfo's frames back has to make lists of rows and frames of them, so nothing can take less than this.
  const cheapest = { columns, dtypes: columns.map(() => "float32"), config: { lowMemoryMode: true } };
  const making = measured(() => Array.from({ length: 8 }), (frames) => frames.map(() => new danfo.DataFrame(values.map((row) => row.slice()), cheapest)));
  const times = { "danfo's own": danfos, "of ours": forOurs, "of danfo's": throughDanfos, "8 frames of danfo's made, nothing else": making };
  for (const [name, { ms, cpuMs }] of Object.entries(times)) {
    console.log(`${name}: ${ms.toFixed(2)} ms, x ${(danfos.ms / ms).toFixed(1)}; processor ${cpuMs.toFixed(2)} ms, x ${(danfos.cpuMs / cpuMs).toFixed(1)}`);
  }
  // The ratios are for reading: on a busy machine they move by half. What must hold anywhere is that it pays at all.
  assert.ok(forOurs.ms < danfos.ms, `frames of ours: ${(danfos.ms / forOurs.ms).toFixed(1)} times as fast`);
  assert.ok(throughDanfos.ms < danfos.ms, `danfo's frames: ${(danfos.ms / throughDanfos.ms).toFixed(1)} times as fast`);
});

describe("danfo's frames that come back", () => {
  const rows = [[3, "b", 1.5], [1, "a", 2.5], [2, "b", -4]];
  const made = () => new danfo.DataFrame(rows.map((row) => [...row]), { columns: ["n", "s", "f"], index: ["x", "y", "z"] });
  const returned = async () => autoContainer.fromPayload(await autoContainer.toPayload(made(), 0));

  /** What danfo computes, by name. */
  const operations = {
    column: (frame) => frame["f"],
    assignment: (frame) => {
      frame["n"] = [7, 8, 9];
      return frame;
    },
    query: (frame) => frame.resetIndex().query(frame["n"].gt(1)),
    addColumn: (frame) => frame.addColumn("g", [1, 2, 3]),
    drop: (frame) => frame.drop({ columns: ["s"] }),
    iloc: (frame) => frame.iloc({ rows: [0, 2], columns: [0, 2] }),
    loc: (frame) => frame.loc({ rows: ["z", "x"] }),
    sortValues: (frame) => frame.sortValues("n"),
    groupby: (frame) => frame.groupby(["s"]).col(["n"]).sum(),
    describe: (frame) => frame.describe(),
    sum: (frame) => frame.loc({ columns: ["n", "f"] }).sum({ axis: 0 }),
    mean: (frame) => frame.loc({ columns: ["n", "f"] }).mean(),
    transposed: (frame) => frame.T,
    replaced: (frame) => frame.replace(3, 30, { columns: ["n"] }),
    appended: (frame) => frame.append([[5, "c", 0.5]], ["w"]),
    head: (frame) => frame.head(2),
    dropNa: (frame) => frame.dropNa({ axis: 1 }),
    renamed: (frame) => frame.rename({ n: "m" }),
    joined: (frame) => danfo.concat({ dfList: [frame, made()], axis: 0 }),
    beside: (frame) => danfo.concat({ dfList: [frame, made()], axis: 1 }),
  };

  for (const [name, operation] of Object.entries(operations)) {
    test(`${name} is as of any frame`, async () => {
      assert.deepEqual(seen(operation(await returned())), seen(operation(made())));
    });
  }

  test("hold their values once, so that danfo's concat corrupts none", async () => {
    const frame = await returned();
    assert.ok(frame.config.isLowMemoryMode);
    for (let round = 0; round < 2; round++) danfo.concat({ dfList: [frame, made()], axis: 0 });
    assert.deepEqual(frame["n"].values, [3, 1, 2]);
  });
});

/** The median of 40 runs by the clock, and their mean processor time with that of the garbage collector; after 10 to warm up. */
function measured(prepare, run) {
  const times = [];
  let cpuMs = 0;
  for (let round = -10; round < 40; round++) {
    const given = prepare();
    const [begun, usage] = [performance.now(), process.cpuUsage()];
    run(given);
    const ms = performance.now() - begun;
    const { user, system } = process.cpuUsage(usage);
    if (round < 0) continue;
    times.push(ms);
    cpuMs += (user + system) / 40_000;
  }
  return { ms: times.sort((left, right) => left - right)[19], cpuMs };
}

describe("runners", () => {
  const frame = (rows, index) => new danfo.DataFrame(rows, { columns: ["name", "height"], ...(index === undefined ? {} : { index }) });
  let letters;
  let scaled;

  before(async () => {
    letters = await new Runner(FirstLetters, { name: "letters", maxBatchSize: 4, workers: 1 }).init();
    const fitted = new Pipeline({ steps: [{ kind: "select", columns: ["height"] }, { kind: "standardScaler" }], output: "dataframe" });
    await saveModel("heights", fitted.fit(frame([["Ada", 1], ["Bob", 3]])));
    scaled = await get("heights:latest").toRunner({ workers: 1 }).init();
  });

  after(() => Promise.all([letters.destroy(), scaled.destroy()]));

  test("give every caller danfo's classes, whoever shared the batch", async () => {
    const calls = [frame([["Ada", 1]]), frame([["Bob", 2], [null, 3]], ["x", "y"]), DataFrame.from([{ name: "Cleo", height: 1 }]), frame([["Dan", 4]])];
    const answers = await Promise.all(calls.map((call) => letters.same(call)));
    assert.deepEqual(answers.map(({ constructor }) => constructor), calls.map(({ constructor }) => constructor));
    assert.deepEqual(answers.map(({ values, index, dtypes }) => [values, index, dtypes]), calls.map(({ values, index, dtypes }) => [values, index, dtypes]));
    const series = await Promise.all(calls.map((call) => letters.letters(call)));
    assert.deepEqual(series.map(({ values }) => values), [["A"], ["B", null], ["C"], ["D"]]);
    // The class that danfo's own frames give their columns in.
    const { constructor: danfoSeries } = calls[0].column("name");
    assert.deepEqual(series.map(({ constructor }) => constructor === danfoSeries), [true, true, false, true]);
  });

  test("also when a frame is larger than a batch", async () => {
    const large = frame(Array.from({ length: 11 }, (_, row) => [`n${row}`, row + 0.5]));
    assert.deepEqual(seen(await letters.same(large)), seen(large));
  });

  test("transform frames, in a worker and in this thread", async () => {
    const given = frame([["Eve", 2], ["Fay", 5]], ["e", "f"]);
    const embedded = await get("heights:latest").toRunner({ embedded: true }).init();
    for (const runner of [scaled, embedded]) {
      const answer = await runner.transform(given);
      assert.deepEqual(seen(answer), { columns: ["height"], dtypes: ["float32"], index: ["e", "f"], values: [[0], [3]], constructor: danfo.DataFrame });
      assert.deepEqual(answer["height"].values, [0, 3]);
    }
    await embedded.destroy();
  });
});
