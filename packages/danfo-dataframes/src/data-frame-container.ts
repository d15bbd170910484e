import { DataFrame, tablesOf } from "./data-frame.js";
import { isForeignFrame, rowsOfForeign, type FrameLike } from "./foreign-frame.js";
import type { Table } from "./table.js";
import { TableContainer } from "./table-container.js";

/** Frames of danfo's and ours. */
export class DataFrameContainer extends TableContainer {
  readonly name = "DataFrameContainer";

  protected read(value: FrameLike): Table {
    return DataFrame.from(value).table;
  }

  protected override readAll(values: readonly FrameLike[]): Table[] {
    return tablesOf(values);
  }

  protected rowsOf(value: FrameLike): number {
    return DataFrame.isDataFrame(value) ? value.table.rows : rowsOfForeign(value);
  }

  protected wrap(table: Table): DataFrame {
    return new DataFrame(table);
  }
}

const frameType = {
  module: "danfojs",
  name: "DataFrame",
  is: (value: unknown): value is FrameLike => DataFrame.isDataFrame(value) || isForeignFrame(value),
};

/** For `defineAdapter`. */
export const frameRegistration: {
  readonly singleType: typeof frameType;
  readonly batchType: typeof frameType;
  readonly container: DataFrameContainer;
} = { singleType: frameType, batchType: frameType, container: new DataFrameContainer() };
