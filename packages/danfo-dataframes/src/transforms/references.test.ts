import { readFileSync } from "node:fs";
import type { NdArray } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { DataFrame } from "../data-frame.js";
import { FittedPipeline } from "./fitted-pipeline.js";
import { Pipeline } from "./pipeline.js";
import type { Step } from "./steps.js";

type Row = readonly (number | string | null)[];

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly training: Readonly<Record<string, Row>>;
  readonly fresh: Readonly<Record<string, Row>>;
  readonly columns: readonly string[];
  readonly ofTraining: readonly Row[];
  readonly ofFresh: readonly Row[];
}

interface References {
  readonly cases: readonly Case[];
  readonly arrow: string;
  readonly concat: {
    readonly parts: readonly { readonly columns: Readonly<Record<string, Row>>; readonly index: readonly (number | string)[] }[];
    readonly joined: { readonly columns: readonly string[]; readonly index: readonly (number | string)[]; readonly values: readonly Row[] };
  };
}

const references = JSON.parse(readFileSync(new URL("../../../../tools/dataframes/references.json", import.meta.url), "utf8")) as References;

/** Within 1e-12, relatively where numbers are larger than 1. */
function expectRows(found: readonly (readonly unknown[])[], expected: readonly Row[]): void {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  for (const [row, values] of expected.entries()) {
    for (const [place, value] of values.entries()) {
      const own = found[row]?.[place];
      if (typeof value === "number") expect(Math.abs((own as number) - value) / Math.max(1, Math.abs(value)), `row ${row}, column ${place}: ${String(own)}`).toBeLessThanOrEqual(1e-12);
      else expect(Number.isNaN(own) ? null : own).toBe(value);
    }
  }
}

/** By scikit-learn (tools/dataframes). */
describe.each(references.cases)("$name", ({ steps, training, fresh, columns, ofTraining, ofFresh }) => {
  const fitted = new Pipeline({ steps, output: "dataframe" }).fit(DataFrame.from(training));

  test("makes of a frame what scikit-learn makes of it, under its names", () => {
    // Of whole numbers Python writes "2.0".
    expect(fitted.columns).toEqual(columns.map((name) => name.replace(/\.0$/, "")));
    for (const [given, expected] of [[training, ofTraining], [fresh, ofFresh]] as const) {
      const answer = fitted.transform(DataFrame.from(given)) as DataFrame;
      expectRows(answer.values, expected);
    }
  });

  test("makes the same after a round through JSON, to the bit", () => {
    const again = FittedPipeline.fromJSON(JSON.parse(JSON.stringify(fitted)));
    expect(again.transform(DataFrame.from(fresh))).toEqual(fitted.transform(DataFrame.from(fresh)));
  });
});

test("as an array, what is missing is NaN", () => {
  const [{ steps, training, fresh, ofFresh } = {} as Case] = references.cases;
  const array = new Pipeline({ steps, output: "float64" }).fit(DataFrame.from(training)).transform(DataFrame.from(fresh)) as NdArray;
  expect({ dtype: array.dtype, shape: array.shape }).toEqual({ dtype: "float64", shape: [4, 6] });
  expectRows(array.toNested() as Row[], ofFresh);
});

test("frames are joined as pandas joins them", () => {
  const { parts, joined } = references.concat;
  const frame = DataFrame.concat(parts.map(({ columns, index }) => DataFrame.from(columns, { index })));
  expect({ columns: frame.columns, index: frame.index, values: frame.values }).toEqual(joined);
});

test("a stream of pyarrow's with every type is read, nulls, dates, dictionaries and several batches too", () => {
  const frame = DataFrame.fromArrow(Buffer.from(references.arrow, "base64"));
  expect(frame.dtypes).toEqual(["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "string", "datetime", "string"]);
  expect(frame.values).toEqual([
    [true, -128, -32768, -2147483648, -(2n ** 63n), 0, 0, 0, 0n, 0.5, 0.1, "", new Date("2024-02-29T12:30:15.250Z"), "b"],
    new Array(14).fill(null),
    [false, 127, 32767, 2147483647, 2n ** 63n - 1n, 255, 65535, 4294967295, 2n ** 64n - 1n, NaN, Infinity, "zweite Zeile ☃😀", new Date("1969-12-31"), "a"],
  ]);
  expect(DataFrame.fromArrow(frame.toArrow())).toEqual(frame);
});
