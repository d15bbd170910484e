import { element } from "./element.js";
import { numberText } from "./number-text.js";

/** One value with what it is for. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

const MOST_IN_ORDER = 12;
const MOST_SORTED = 10;
/** Longer labels are names, and get more room. */
const MOST_DIGITS = 4;

/** Values as bars. A few stay in their order; of many, the largest are shown, the largest first. */
export function barList(bars: readonly Bar[], caption: string): HTMLElement {
  const isMany = bars.length > MOST_IN_ORDER;
  const sorted = [...bars].sort((one, other) => other.value - one.value);
  const shown = isMany ? sorted.slice(0, MOST_SORTED) : bars;
  const values = bars.map(({ value }) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + Number.MIN_VALUE);
  const write = isProbabilities(values) ? percentText : numberText;
  const items = shown.map((bar) => {
    const fill = element("span", { class: "bar-fill" });
    fill.style.width = `${(100 * (bar.value - low)) / (high - low)}%`;
    const isTop = bar === sorted[0];
    return element("li", { class: isTop ? "top" : undefined }, element("span", { class: "bar-label", title: bar.label }, bar.label), element("span", { class: "bar-track", "aria-hidden": "true" }, fill), element("span", { class: "bar-value" }, write(bar.value)));
  });
  return element("figure", { class: shown.some(({ label }) => label.length > MOST_DIGITS) ? "bars named" : "bars" }, element("figcaption", { class: "quiet" }, isMany ? `${caption}: the ${MOST_SORTED} largest of ${bars.length}` : caption), element("ol", {}, ...items));
}

/** Shares of one whole, as a softmax makes them. */
export function isProbabilities(values: readonly number[]): boolean {
  return values.length > 1 && values.every((value) => value >= 0 && value <= 1.0001) && Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 0.02;
}

export function percentText(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}
