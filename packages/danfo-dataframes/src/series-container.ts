import { InvalidArgumentError } from "bentoml-core";
import { isForeignSeries, rowsOfForeign, type FrameLike } from "./foreign-frame.js";
import { Series, concatSeries } from "./series.js";
import type { Table } from "./table.js";
import { TableContainer } from "./table-container.js";

/** Series of danfo's and ours: batches of their length. */
export class SeriesContainer extends TableContainer {
  readonly name = "SeriesContainer";

  protected read(value: FrameLike): Table {
    return Series.from(value).table;
  }

  protected rowsOf(value: FrameLike): number {
    return Series.isSeries(value) ? value.table.rows : rowsOfForeign(value);
  }

  protected wrap(table: Table): Series {
    return new Series(table);
  }

  protected override join(tables: readonly Table[]): Table {
    return concatSeries(tables);
  }

  protected override checkedTable(table: Table): Table {
    if (table.columns.length === 1) return table;
    throw new InvalidArgumentError(`A payload of a series has ${table.columns.length} columns: it must have 1.`);
  }
}

const seriesType = {
  module: "danfojs",
  name: "Series",
  is: (value: unknown): value is FrameLike => Series.isSeries(value) || isForeignSeries(value),
};

/** For `defineAdapter`. */
export const seriesRegistration: {
  readonly singleType: typeof seriesType;
  readonly batchType: typeof seriesType;
  readonly container: SeriesContainer;
} = { singleType: seriesType, batchType: seriesType, container: new SeriesContainer() };
