/** A line of a scrape: a name, its labels, and a number. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** A metric of a scrape. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*/;
/** prom-client writes "Nan", and Prometheus reads it in any case. */
const NUMBER = /^(?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]?Inf|Na[Nn])$/;
const TYPES: readonly string[] = ["counter", "gauge", "histogram", "summary", "untyped"];
/** What a type adds to the names of its samples. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { histogram: ["_bucket", "_sum", "_count"], summary: ["", "_sum", "_count"] };

/**
 * Reads the text format of Prometheus, version 0.0.4, by its specification and more strictly than Prometheus does: every metric is described
 * before its samples and in one place, no sample comes twice, and histograms add up. For the tests of this package.
 */
export function parseExposition(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, MetricFamily>();
  let current: { name: string; help: string; type: string; samples: Sample[] } | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (families.has(name)) throw new Error(`${name} is described twice`);
      if (NAME.exec(name)?.[0] !== name) throw new Error(`${name} is no name`);
      if (rest === "") throw new Error(`${name} has no help`);
      current = { name, help: rest, type: "", samples: [] };
      families.set(name, current);
    } else if (keyword === "TYPE") {
      if (current?.name !== name || current.type !== "" || !TYPES.includes(rest)) throw new Error(`TYPE at the wrong place, or unknown: ${line}`);
      current.type = rest;
    } else {
      const sample = parseSample(line);
      if (current === undefined || !(SUFFIXES[current.type] ?? [""]).some((suffix) => sample.name === `${current?.name ?? ""}${suffix}`)) throw new Error(`a sample of another metric: ${line}`);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function parseSample(line: string): Sample {
  const name = NAME.exec(line)?.[0] ?? "";
  if (name === "") throw new Error(`no name: ${line}`);
  const { labels, rest } = parseLabels(line.slice(name.length), line);
  const text = rest.slice(1);
  if (!rest.startsWith(" ") || !NUMBER.test(text)) throw new Error(`no number: ${line}`);
  return { name, labels, value: text.endsWith("Inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text) };
}

function parseLabels(text: string, line: string): { labels: Map<string, string>; rest: string } {
  const labels = new Map<string, string>();
  if (!text.startsWith("{")) return { labels, rest: text };
  let rest = text.slice(1);
  while (!rest.startsWith("}")) {
    const name = LABEL_NAME.exec(rest)?.[0] ?? "";
    const value = /^="((?:[^"\\\n]|\\["\\n])*)"/.exec(rest.slice(name.length));
    if (name === "" || value === null || labels.has(name)) throw new Error(`wrong labels: ${line}`);
    labels.set(name, (value[1] as string).replace(/\\(.)/g, (_escape, character: string) => (character === "n" ? "\n" : character)));
    rest = rest.slice(name.length + value[0].length);
    if (rest.startsWith(",")) rest = rest.slice(1);
    else if (!rest.startsWith("}")) throw new Error(`wrong labels: ${line}`);
  }
  return { labels, rest: rest.slice(1) };
}

function checkFamily({ name, type, samples }: MetricFamily): void {
  if (type === "") throw new Error(`${name} has no type`);
  const keys = samples.map((sample) => `${sample.name}${keyOf(sample)}`);
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`);
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) throw new Error(`the counter ${name} is not positive`);
  if (type === "histogram") checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = groupBy(samples);
  for (const [key, members] of series) {
    const buckets = members.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number((labels.get("le") ?? "").replace("+Inf", "Infinity")));
    const counts = buckets.map(({ value }) => value);
    const count = members.find((sample) => sample.name === `${name}_count`)?.value;
    const ascends = (numbers: readonly number[], strictly: boolean): boolean => numbers.every((value, index) => index === 0 || (strictly ? value > (numbers[index - 1] ?? 0) : value >= (numbers[index - 1] ?? 0)));
    const isWhole = bounds.at(-1) === Infinity && ascends(bounds, true) && ascends(counts, false) && counts.at(-1) === count && members.some((sample) => sample.name === `${name}_sum`);
    if (!isWhole) throw new Error(`the histogram ${name}${key} does not add up`);
  }
}

function groupBy(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) groups.set(keyOf(sample, "le"), [...(groups.get(keyOf(sample, "le")) ?? []), sample]);
  return groups;
}

function keyOf({ labels }: Sample, without?: string): string {
  return JSON.stringify([...labels].filter(([name]) => name !== without).sort());
}
