import { spreadOf, type Spread } from "./spread.js";

/** What is claimed: the median over the rounds is on this side of the limit. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** How a row compares the two values of a round; "ours" is for a target of our own, beside which the other is only shown. */
export type Kind = "ratio" | "difference" | "ours";

export interface Row {
  readonly name: string;
  /** Of both values, and of their difference: "requests/s", "µs". */
  readonly unit: string;
  readonly kind: Kind;
  readonly target: Target;
}

/** Ours and the other in one round. Only values of one round are compared: the machine may be busier in the next. */
export interface RoundValues {
  readonly ours: number;
  readonly other: number;
}

export interface ComparedRow extends Row {
  readonly rounds: readonly RoundValues[];
  readonly ours: Spread;
  readonly other: Spread;
  readonly compared: Spread;
  readonly met: boolean;
}

export function compareRow(row: Row, rounds: readonly RoundValues[]): ComparedRow {
  const compared = spreadOf(rounds.map((values) => compareValues(row.kind, values)));
  return {
    ...row,
    rounds,
    ours: spreadOf(rounds.map(({ ours }) => ours)),
    other: spreadOf(rounds.map(({ other }) => other)),
    compared,
    met: "atLeast" in row.target ? compared.median >= row.target.atLeast : compared.median <= row.target.atMost,
  };
}

function compareValues(kind: Kind, { ours, other }: RoundValues): number {
  switch (kind) {
    case "ratio":
      return ours / other;
    case "difference":
      return ours - other;
    case "ours":
      return ours;
  }
}
