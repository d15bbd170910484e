import type { TensorSpec } from "bentoml-core";
import type { ListeningAddress } from "bentoml-server";
import { cliVersion } from "../cli-version.js";
import { oneLine } from "../one-line.js";
import type { Styles } from "../styles.js";
import { curlLine } from "./curl-line.js";
import type { ModelToServe } from "./open-models.js";

/** What a server says about itself when it is ready. */
export function startUpBanner(address: ListeningAddress, models: readonly ModelToServe[], styles: Styles, isTerminal: boolean): string {
  const [first] = models;
  const lines = [
    "",
    `  ${styles.bold(`bentoml ${cliVersion()}`)} serves on ${styles.cyan(address.url)}`,
    ...models.flatMap((model) => ["", ...describeModel(model, styles)]),
    "",
    ...(first === undefined ? [] : ["  Try it:", "", curlLine(address.url, first.served), ""]),
    ...(isTerminal ? [styles.dim("  Ctrl-C stops."), ""] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeModel({ served, runner }: ModelToServe, styles: Styles): string[] {
  const tensors = [
    ...served.inputs.map((spec) => ({ side: "in", spec })),
    ...served.outputs.map((spec) => ({ side: "out", spec })),
  ];
  const nameWidth = Math.max(0, ...tensors.map(({ spec }) => oneLine(spec.name).length));
  const dtypeWidth = Math.max(0, ...tensors.map(({ spec }) => spec.dtype.length));
  const rows = tensors.map(({ side, spec }) =>
    [side.padEnd(3), oneLine(spec.name).padEnd(nameWidth), spec.dtype.padEnd(dtypeWidth), describeShape(spec)].join("  "),
  );
  return [
    `  ${styles.bold(`${served.name}:${served.version}`)}`,
    ...rows.map((row) => `    ${row}`),
    `    ${describeRunner(served.method, runner)}`,
  ];
}

function describeShape({ shape }: TensorSpec): string {
  return `[${shape.map((length) => (length === -1 ? "?" : oneLine(String(length)))).join(", ")}]`;
}

function describeRunner(method: string, runner: ModelToServe["runner"]): string {
  const workers = plural(runner.stats().workers.alive, "worker");
  const { threads, spinning } = runner.facts;
  const threadText = typeof threads === "number" ? ` of ${plural(threads, "thread")}${spinning === true ? ", spinning" : ""}` : "";
  const batch = runner.methods[method];
  const batchText = batch?.config.batchable === true ? `batches of up to ${batch.maxBatchSize}` : "no batching";
  return `${workers}${threadText}; ${batchText}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
