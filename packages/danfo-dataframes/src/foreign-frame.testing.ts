interface Options {
  readonly columns?: readonly string[];
  readonly index?: readonly (number | string)[];
  readonly dtypes?: readonly string[];
}

/** Looks like danfo's, and minds what danfo minds: rows, no label twice, its own dtypes. The real one is in tools/ci/danfo. */
class NdFrame {
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
  readonly index: readonly (number | string)[];

  constructor(
    readonly values: readonly unknown[],
    { columns = ["0"], index = values.map((_, row) => row), dtypes = columns.map(() => "float32") }: Options = {},
  ) {
    if (new Set(index).size < index.length) throw new Error("IndexError: Row index must contain unique values");
    if (index.length !== values.length) throw new Error("IndexError: the index has another length");
    if (dtypes.some((dtype) => !["float32", "int32", "string", "boolean", "datetime", "undefined"].includes(dtype))) throw new Error("DtypeError");
    this.columns = columns;
    this.index = index;
    this.dtypes = dtypes;
  }
}

export class ForeignSeries extends NdFrame {
  readonly $isSeries: boolean = true;
}

export class ForeignFrame extends NdFrame {
  readonly $isSeries: boolean = false;

  column(name: string): ForeignSeries {
    const place = this.columns.indexOf(name);
    const values = (this.values as unknown[][]).map((row) => row[place]);
    return new ForeignSeries(values, { columns: [name], index: this.index, dtypes: [this.dtypes[place] as string] });
  }
}
