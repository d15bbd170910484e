import { Histogram, type Registry } from "prom-client";
import type { HistogramSeries } from "./histogram-series.js";

/** Values of a metric's labels by their names. */
export type Labels = Readonly<Record<string, string | number>>;

/** A series and the labels it is exposed with. */
export interface LabelledSeries {
  readonly labels: Labels;
  readonly series: HistogramSeries;
}

interface SeriesHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly bounds: readonly number[];
  readonly registry: Registry;
  readonly read: () => Iterable<LabelledSeries>;
}

type Exposed = Awaited<ReturnType<Histogram["get"]>>;

/**
 * A histogram of prom-client whose values are kept in our own series. prom-client's `observe` hashes the labels each
 * time, which is too dear for every request; here labels are only looked at when a scrape comes.
 */
export class SeriesHistogram extends Histogram {
  readonly #options: SeriesHistogramOptions;

  constructor(options: SeriesHistogramOptions) {
    super({
      name: options.name,
      help: options.help,
      labelNames: [...options.labelNames],
      buckets: [...options.bounds],
      registers: [options.registry],
    });
    this.#options = options;
  }

  override get(): Promise<Exposed> {
    return Promise.resolve(this.#expose());
  }

  /** What the registry calls for the text format when a metric has it, instead of `get`. */
  getForPromString(): Promise<Exposed> {
    return this.get();
  }

  #expose(): Exposed {
    const { name, help, read } = this.#options;
    const values = Array.from(read()).flatMap((labelled) => exposeSeries(name, labelled));
    return { name, help, type: "histogram", values, aggregator: "sum", collect: () => undefined } as unknown as Exposed;
  }
}

interface ExposedValue {
  readonly labels: Labels;
  readonly value: number;
  readonly metricName: string;
}

function exposeSeries(name: string, { labels, series }: LabelledSeries): ExposedValue[] {
  const values: ExposedValue[] = [];
  let cumulative = 0;
  series.bounds.forEach((bound, bucket) => {
    cumulative += series.buckets[bucket] as number;
    values.push({ labels: { ...labels, le: bound }, value: cumulative, metricName: `${name}_bucket` });
  });
  values.push({ labels: { ...labels, le: "+Inf" }, value: series.count, metricName: `${name}_bucket` });
  values.push({ labels, value: series.sum, metricName: `${name}_sum` });
  values.push({ labels, value: series.count, metricName: `${name}_count` });
  return values;
}
