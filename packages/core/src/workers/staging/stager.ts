import { InvalidArgumentError } from "../../errors/index.js";
import type { NdArray } from "../../ndarray/index.js";
import { ownedPayload, type Params, type Payload } from "../../containers/index.js";
import { makeColumn, type ArgumentLayout, type Column } from "../wire/index.js";
import { planArgument, planItems, type ArgumentPlan, type BatchingRule } from "./argument-plan.js";
import type { RowBlock } from "./row-block.js";
import { SharedBytes, type BytesLoan } from "./shared-bytes.js";
import { StagedLayout } from "./staged-layout.js";

/** A call's arguments, read and kept: rows in shared memory, other values as payloads by slot, whose large bytes are in shared memory too. */
export interface StagedArguments {
  readonly layout: StagedLayout;
  readonly key: object;
  readonly items: number;
  readonly block: RowBlock | undefined;
  readonly firstRow: number;
  readonly payloads: readonly Payload[];
  /** Of the payloads' large bytes; undefined when there are none. */
  readonly loan: BytesLoan | undefined;
}

const NO_PAYLOADS: readonly Payload[] = [];
const NO_ROWS = { block: undefined, firstRow: 0 } as const;

/** Layouts remembered per method, most recently used first. */
const MOST_LAYOUTS = 64;

/**
 * Reads the arguments of the calls of one method at the moment of the call, so that the caller may reuse its arrays at once.
 * Owns them until `release`. Does not know batches: which rows run together is decided later.
 */
export class Stager {
  readonly #layouts: StagedLayout[] = [];
  readonly #bytes = new SharedBytes();

  constructor(
    readonly rule: BatchingRule,
    readonly maxBatchSize: number,
    private readonly onDropped: (block: RowBlock) => void,
  ) {}

  /**
   * @throws InvalidArgumentError when batchable arguments differ in their batch size, or a value cannot be sent.
   */
  stage(params: Params): StagedArguments | Promise<StagedArguments> {
    const usual = this.#layouts[0];
    const tensors = usual?.tensorsOf(params);
    return usual === undefined || tensors === undefined ? this.#stagePlanned(params) : this.#stageRows(usual, tensors);
  }

  release(staged: StagedArguments): void {
    if (staged.block !== undefined) staged.layout.rows.release(staged.block);
    staged.loan?.letGo();
  }

  #stageRows(layout: StagedLayout, tensors: readonly NdArray[]): StagedArguments {
    const items = this.rule.batchable ? ((tensors[0] as NdArray).shape[0] as number) : 1;
    const { block, firstRow } = layout.rows.write(tensors, items);
    return { layout, key: layout.plainKey, items, block, firstRow, payloads: NO_PAYLOADS, loan: undefined };
  }

  #stagePlanned(params: Params): StagedArguments | Promise<StagedArguments> {
    const args: ArgumentPlan[] = [];
    for (const value of params.args) args.push(planArgument(value, this.rule));
    const kwargs: (readonly [string, ArgumentPlan])[] = [];
    for (const name in params.kwargs) kwargs.push([name, planArgument(params.kwargs[name], this.rule)]);
    const items = this.rule.batchable ? commonItems(args, kwargs) : 1;
    const layout = this.#layoutFor(args, kwargs);
    const { payloads, shared, loan } = this.#packed(args, kwargs);
    // Before anything is waited for: the caller may reuse its arrays meanwhile.
    const rows = layout.columns.length === 0 ? NO_ROWS : layout.rows.write(tensorsOf(args, kwargs), items);
    const staged = (ready: readonly Payload[]): StagedArguments => {
      const key = layout.keyFor(shared.map((slot) => ready[slot] as Payload));
      return { layout, key, items, block: rows.block, firstRow: rows.firstRow, payloads: ready, loan: loan.isEmpty ? undefined : loan };
    };
    if (payloads.every((payload): payload is Payload => !(payload instanceof Promise))) return staged(payloads);
    return Promise.all(payloads.map((payload) => Promise.resolve(payload))).then(staged, (error: unknown) => {
      if (rows.block !== undefined) layout.rows.release(rows.block);
      letGoOf(loan, payloads);
      throw error;
    });
  }

  /** Payloads of everything that is not rows, copied from the caller's memory. */
  #packed(args: readonly ArgumentPlan[], kwargs: NamedPlans): PackedArguments {
    const loan = this.#bytes.loan();
    const copyOf = (payload: Payload): Payload => (this.rule.inRows === false ? ownedPayload(payload) : loan.copyOf(payload));
    const shared: number[] = [];
    const payloads: (Payload | Promise<Payload>)[] = [];
    try {
      for (const plan of allPlans(args, kwargs)) {
        if (plan.kind !== "joined" && plan.kind !== "shared") continue;
        if (plan.kind === "shared") shared.push(payloads.length);
        const payload = plan.container.toPayload(plan.value, plan.kind === "joined" ? plan.batchDim : 0);
        payloads.push(payload instanceof Promise ? payload.then(copyOf) : copyOf(payload));
      }
    } catch (error) {
      letGoOf(loan, payloads);
      throw error;
    }
    return { payloads, shared, loan };
  }

  #layoutFor(args: readonly ArgumentPlan[], kwargs: NamedPlans): StagedLayout {
    const layouts = this.#layouts;
    for (let index = 0; index < layouts.length; index++) {
      const layout = layouts[index] as StagedLayout;
      if (!layout.matches(args, kwargs)) continue;
      if (index > 0) {
        layouts.splice(index, 1);
        layouts.unshift(layout);
      }
      return layout;
    }
    const made = new StagedLayout(describe(args, kwargs), this.maxBatchSize, this.onDropped);
    layouts.unshift(made);
    if (layouts.length > MOST_LAYOUTS) layouts.pop();
    return made;
  }
}

function tensorsOf(args: readonly ArgumentPlan[], kwargs: NamedPlans): readonly NdArray[] {
  const tensors: NdArray[] = [];
  for (const plan of allPlans(args, kwargs)) {
    if (plan.kind === "tensor") tensors.push(plan.tensor);
    else if (plan.kind === "record") tensors.push(...plan.tensors);
  }
  return tensors;
}

type NamedPlans = readonly (readonly [string, ArgumentPlan])[];

function allPlans(args: readonly ArgumentPlan[], kwargs: NamedPlans): readonly ArgumentPlan[] {
  return [...args, ...kwargs.map(([, plan]) => plan)];
}

function commonItems(args: readonly ArgumentPlan[], kwargs: NamedPlans): number {
  let items: number | undefined;
  for (const plan of allPlans(args, kwargs)) {
    const own = planItems(plan);
    if (own === undefined) continue;
    if (items !== undefined && own !== items) throw differentItems(args, kwargs);
    items = own;
  }
  return items ?? 1;
}

function differentItems(args: readonly ArgumentPlan[], kwargs: NamedPlans): InvalidArgumentError {
  const named: (readonly [number | string, ArgumentPlan])[] = [...args.entries(), ...kwargs];
  const sizes = named.map(([name, plan]) => `${String(name)}: ${String(planItems(plan) ?? "none")}`).join(", ");
  return new InvalidArgumentError(`argument lengths for parameters do not match: batch sizes are {${sizes}}, they must be equal.`);
}

interface PackedArguments {
  /** By slot. */
  readonly payloads: readonly (Payload | Promise<Payload>)[];
  /** Slots of side arguments. */
  readonly shared: readonly number[];
  /** Of the payloads' large bytes. */
  readonly loan: BytesLoan;
}

/** The call has failed, and other arguments of it may still be copied. */
function letGoOf(loan: BytesLoan, payloads: PackedArguments["payloads"]): void {
  void Promise.allSettled(payloads.map((payload) => Promise.resolve(payload))).then(() => loan.letGo());
}

function describe(
  args: readonly ArgumentPlan[],
  kwargs: NamedPlans,
): { columns: Column[]; args: ArgumentLayout[]; kwargs: (readonly [string, ArgumentLayout])[] } {
  const columns: Column[] = [];
  let slots = 0;
  const addColumn = (tensor: NdArray, batched: boolean): number => {
    columns.push(makeColumn(tensor.dtype, batched ? tensor.shape.slice(1) : tensor.shape, batched));
    return columns.length - 1;
  };
  const layoutOf = (plan: ArgumentPlan): ArgumentLayout => {
    switch (plan.kind) {
      case "tensor":
        return { kind: "tensor", column: addColumn(plan.tensor, plan.batched) };
      case "record":
        return { kind: "record", names: [...plan.names], columns: plan.tensors.map((tensor) => addColumn(tensor, plan.batched)) };
      case "joined":
        return { kind: "joined", slot: slots++, container: plan.container.name, batchDim: plan.batchDim };
      case "shared":
        return { kind: "shared", slot: slots++ };
    }
  };
  return { args: args.map(layoutOf), kwargs: kwargs.map(([name, plan]) => [name, layoutOf(plan)] as const), columns };
}

/**
 * The check that batchable arguments agree in their batch size, for handles that stage nothing.
 *
 * @throws InvalidArgumentError when they do not.
 */
export function checkBatchSizes(params: Params, batchDim: number): void {
  const rule = { batchable: true, batchDim };
  commonItems(
    params.args.map((value) => planArgument(value, rule)),
    Object.entries(params.kwargs).map(([name, value]) => [name, planArgument(value, rule)] as const),
  );
}
