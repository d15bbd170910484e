import type { TensorSpec } from "bentoml-core";
import { cliVersion } from "../cli-version.js";
import { oneLine } from "../one-line.js";
import type { Styles } from "../styles.js";
import { curlLine } from "./curl-line.js";
import type { ModelDescription, RunnerDescription, ServedDescription } from "./descriptions.js";

/** What a server says about itself when it is ready. */
export interface BannerSetting {
  readonly url: string;
  readonly styles: Styles;
  readonly isTerminal: boolean;
  /** API processes, when there are several. */
  readonly processes?: number;
  /** Callers must bring a token. */
  readonly needsToken?: boolean;
  /** There is a page for people. */
  readonly hasPage: boolean;
}

export function startUpBanner({ models, service }: ServedDescription, { url, styles, isTerminal, processes = 1, needsToken = false, hasPage }: BannerSetting): string {
  const [first] = models;
  const from = processes > 1 ? ` from ${processes} processes` : "";
  const lines = [
    "",
    `  ${styles.bold(`bentoml ${cliVersion()}`)} serves on ${styles.cyan(url)}${from}`,
    ...(hasPage ? [`  page for people: ${styles.cyan(`${url}/`)}`] : []),
    ...models.flatMap((model) => ["", ...describeModel(model, styles)]),
    ...(service === undefined ? [] : ["", ...describeService(service, styles)]),
    "",
    ...(first === undefined ? [] : ["  Try it:", "", curlLine(url, first, needsToken), ""]),
    ...(isTerminal ? [styles.dim("  Ctrl-C stops."), ""] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeModel({ name, version, inputs, outputs, runner }: ModelDescription, styles: Styles): string[] {
  const tensors = [...inputs.map((spec) => ({ side: "in", spec })), ...outputs.map((spec) => ({ side: "out", spec }))];
  const nameWidth = Math.max(0, ...tensors.map(({ spec }) => oneLine(spec.name).length));
  const dtypeWidth = Math.max(0, ...tensors.map(({ spec }) => spec.dtype.length));
  const rows = tensors.map(({ side, spec }) =>
    [side.padEnd(3), oneLine(spec.name).padEnd(nameWidth), spec.dtype.padEnd(dtypeWidth), describeShape(spec)].join("  "),
  );
  return [`  ${styles.bold(`${name}:${version}`)}`, ...rows.map((row) => `    ${row}`), `    ${describeRunner(runner)}`];
}

function describeService({ name, paths, mounts, runners }: NonNullable<ServedDescription["service"]>, styles: Styles): string[] {
  return [
    `  ${styles.bold(oneLine(name))}`,
    ...paths.map((path) => `    POST  ${oneLine(path)}`),
    ...mounts.map((path) => `    app   ${oneLine(path)}`),
    ...runners.map((runner) => `    runner ${runner.name}: ${describeRunner(runner)}`),
  ];
}

function describeShape({ shape }: TensorSpec): string {
  return `[${shape.map((length) => (length === -1 ? "?" : oneLine(String(length)))).join(", ")}]`;
}

function describeRunner({ maxBatchSize, url, facts }: RunnerDescription): string {
  if (url !== undefined) return `runs on ${oneLine(url)}`;
  const batchText = maxBatchSize === undefined ? "no batching" : `batches of up to ${maxBatchSize}`;
  if (facts === undefined) return batchText;
  const { workers, threads, spinning } = facts;
  const threadText = threads === undefined ? "" : ` of ${plural(threads, "thread")}${spinning === true ? ", spinning" : ""}`;
  return `${plural(workers, "worker")}${threadText}; ${batchText}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
