import { placeOf, type Table } from "../table.js";
import { applyOneHot, applyOrdinal, fitOneHot, fitOrdinal } from "./encoders.js";
import { applyFill, fitFill } from "./fill-values.js";
import type { FittedStep } from "./fitted-steps.js";
import { applyMinMaxScaler, applyStandardScaler, fitMinMaxScaler, fitStandardScaler } from "./scalers.js";
import { columnOf } from "./step-columns.js";
import type { Step } from "./steps.js";

/** What a step learns of a table. */
export function fitStep(step: Step, table: Table): FittedStep {
  const names = step.columns ?? table.names;
  for (const name of names) placeOf(table, name);
  switch (step.kind) {
    case "select":
      return { kind: "select", columns: names };
    case "fill":
      return fitFill(step, names, table);
    case "standardScaler":
      return fitStandardScaler(step, names, table);
    case "minMaxScaler":
      return fitMinMaxScaler(step, names, table);
    case "oneHot":
      return fitOneHot(step, names, table);
    case "ordinal":
      return fitOrdinal(step, names, table);
  }
}

/** The table as the step leaves it; rows, labels and callers stay. */
export function applyStep(step: FittedStep, table: Table): Table {
  switch (step.kind) {
    case "select":
      return { ...table, names: step.columns, columns: step.columns.map((name) => columnOf(table, name)) };
    case "fill":
      return applyFill(step, table);
    case "standardScaler":
      return applyStandardScaler(step, table);
    case "minMaxScaler":
      return applyMinMaxScaler(step, table);
    case "oneHot":
      return applyOneHot(step, table);
    case "ordinal":
      return applyOrdinal(step, table);
  }
}

/** The columns that a fitted step reads. */
export function columnsRead(step: FittedStep): readonly string[] {
  return step.kind === "select" ? step.columns : step.fitted.map(({ column }) => column);
}
