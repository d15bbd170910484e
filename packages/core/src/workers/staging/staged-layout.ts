import { NdArray } from "../../ndarray/index.js";
import type { Params, Payload } from "../../containers/index.js";
import type { ArgumentLayout, CallLayout } from "../wire/index.js";
import type { ArgumentPlan } from "./argument-plan.js";
import type { RowBlock } from "./row-block.js";
import { RowStore } from "./row-store.js";

type RecordLayout = Extract<ArgumentLayout, { kind: "record" }>;
type JoinedLayout = Extract<ArgumentLayout, { kind: "joined" }>;

let lastLayoutId = 0;

/** Side arguments seen per layout; a temperature that changes with every call must not fill the memory. */
const MOST_SHARED_VALUES = 256;

/**
 * A layout of calls as this side knows it: the description that workers get, the store for its rows, and the identities of
 * the batch keys under it (calls that agree on their side arguments).
 */
export class StagedLayout implements CallLayout {
  readonly id: number = ++lastLayoutId;
  readonly columns: CallLayout["columns"];
  readonly args: readonly ArgumentLayout[];
  readonly kwargs: readonly (readonly [string, ArgumentLayout])[];
  readonly rows: RowStore;
  /** Batch key of calls without side arguments. */
  readonly plainKey: object = {};
  readonly #sharedKeys = new Map<string, object>();
  /** Every argument is positional and made of rows, as in most calls. */
  readonly #onlyRows: boolean;

  constructor(plan: { columns: CallLayout["columns"]; args: readonly ArgumentLayout[]; kwargs: CallLayout["kwargs"] }, maxBatchSize: number, onDropped: (block: RowBlock) => void) {
    this.columns = plan.columns;
    this.args = plan.args;
    this.kwargs = plan.kwargs;
    this.#onlyRows = plan.kwargs.length === 0 && plan.args.every(({ kind }) => kind === "tensor" || kind === "record");
    this.rows = new RowStore(plan.columns, maxBatchSize, onDropped);
  }

  /** The layout without the store, as it is sent. */
  get description(): CallLayout {
    return { id: this.id, columns: this.columns, args: this.args, kwargs: this.kwargs };
  }

  keyFor(shared: readonly Payload[]): object {
    if (shared.length === 0) return this.plainKey;
    const text = JSON.stringify(shared.map(({ container, meta, buffers }) => [container, meta, buffers.map((bytes) => Buffer.from(bytes).toString("latin1"))]));
    let key = this.#sharedKeys.get(text);
    if (key === undefined) {
      if (this.#sharedKeys.size >= MOST_SHARED_VALUES) this.#sharedKeys.clear();
      key = {};
      this.#sharedKeys.set(text, key);
    }
    return key;
  }

  /**
   * The tensors of a call that surely has this layout, by column; undefined when a closer look is needed. Spares the usual call
   * its plan.
   */
  tensorsOf({ args, kwargs }: Params): readonly NdArray[] | undefined {
    if (!this.#onlyRows || args.length !== this.args.length) return undefined;
    for (const _name in kwargs) return undefined;
    const tensors: NdArray[] = [];
    for (let index = 0; index < args.length; index++) {
      const layout = this.args[index] as ArgumentLayout;
      if (layout.kind === "tensor" ? !this.#takeTensor(args[index], tensors) : !this.#takeRecord(args[index], layout as RecordLayout, tensors)) return undefined;
    }
    return tensors;
  }

  #takeRecord(value: unknown, { names }: RecordLayout, tensors: NdArray[]): boolean {
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
    let place = 0;
    for (const name in value) {
      if (name !== names[place++] || !this.#takeTensor((value as Record<string, unknown>)[name], tensors)) return false;
    }
    return place === names.length;
  }

  /** The next column's tensor, if it fits and has as many rows as those before it. */
  #takeTensor(value: unknown, tensors: NdArray[]): boolean {
    if (!NdArray.isNdArray(value)) return false;
    const column = tensors.length;
    const { batched } = this.columns[column] as CallLayout["columns"][number];
    if (!this.#sameRows(value, batched, column)) return false;
    if (batched && column > 0 && (tensors[0] as NdArray).shape[0] !== value.shape[0]) return false;
    tensors.push(value);
    return true;
  }

  /** Whether a call with these plans has this layout. */
  matches(args: readonly ArgumentPlan[], kwargs: readonly (readonly [string, ArgumentPlan])[]): boolean {
    if (args.length !== this.args.length || kwargs.length !== this.kwargs.length) return false;
    for (let index = 0; index < args.length; index++) {
      if (!this.#samePlan(args[index] as ArgumentPlan, this.args[index] as ArgumentLayout)) return false;
    }
    for (let index = 0; index < kwargs.length; index++) {
      const [name, plan] = kwargs[index] as (typeof kwargs)[number];
      const [ownName, layout] = this.kwargs[index] as (typeof this.kwargs)[number];
      if (name !== ownName || !this.#samePlan(plan, layout)) return false;
    }
    return true;
  }

  #samePlan(plan: ArgumentPlan, layout: ArgumentLayout): boolean {
    if (plan.kind !== layout.kind) return false;
    if (plan.kind === "tensor") return this.#sameRows(plan.tensor, plan.batched, (layout as { column: number }).column);
    if (plan.kind === "joined") return this.#sameJoin(plan, layout as JoinedLayout);
    if (plan.kind !== "record") return true;
    const { names, columns } = layout as RecordLayout;
    if (plan.names.length !== names.length) return false;
    for (let index = 0; index < names.length; index++) {
      if (plan.names[index] !== names[index]) return false;
      if (!this.#sameRows(plan.tensors[index] as NdArray, plan.batched, columns[index] as number)) return false;
    }
    return true;
  }

  #sameJoin(plan: Extract<ArgumentPlan, { kind: "joined" }>, layout: JoinedLayout): boolean {
    return plan.batchDim === layout.batchDim && plan.container.name === layout.container;
  }

  #sameRows(tensor: NdArray, batched: boolean, columnIndex: number): boolean {
    const column = this.columns[columnIndex] as CallLayout["columns"][number];
    const skip = batched ? 1 : 0;
    const { rowShape } = column;
    if (column.dtype !== tensor.dtype || column.batched !== batched || tensor.shape.length !== rowShape.length + skip) return false;
    for (let dim = 0; dim < rowShape.length; dim++) if (rowShape[dim] !== tensor.shape[dim + skip]) return false;
    return true;
  }
}
