import { element, svgElement } from "./element.js";

/** One line of a chart. `undefined` is a gap. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | undefined)[];
}

const WIDTH = 320;
const HEIGHT = 96;
/** As if there were so many values at least: two of them make no chart. */
const FEWEST = 20;
/** Room above the highest value. */
const TOP = 6;

/** A small chart over time with its present values in words; `draw` shows new values. */
export class LineChart {
  readonly node: HTMLElement;
  readonly #graphic = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  readonly #now = element("p", { class: "chart-now" });
  readonly #top = element("span", { class: "chart-top", "aria-hidden": "true" });
  readonly #title: string;
  readonly #most: number;
  readonly #write: (value: number) => string;

  /** @param most values on the whole width at most: fewer are drawn wider. @param write a value with its unit. */
  constructor(title: string, most: number, write: (value: number) => string) {
    this.#title = title;
    this.#most = most;
    this.#write = write;
    this.node = element("section", { class: "chart" }, element("h3", {}, title), this.#now, element("div", { class: "chart-area" }, this.#graphic, this.#top));
  }

  draw(lines: readonly Line[]): void {
    const highest = niceCeiling(Math.max(0, ...lines.flatMap(({ values }) => values.flatMap((value) => value ?? []))));
    this.#top.textContent = this.#write(highest);
    this.#graphic.replaceChildren(...lines.flatMap(({ values }, index) => this.#shapes(values, highest, index)));
    const present = lines.map(({ label, values }) => ({ label, text: writeLast(values, this.#write) }));
    this.#now.replaceChildren(
      ...present.map(({ label, text }, index) => element("span", { class: `line-${index}` }, element("b", {}, text), label !== "" && element("small", {}, ` ${label}`))),
    );
    this.#graphic.setAttribute("aria-label", `${this.#title}: ${present.map(({ label, text }) => `${text} ${label}`.trim()).join(", ")}`);
  }

  #shapes(values: readonly (number | undefined)[], highest: number, index: number): SVGElement[] {
    const shown = values.slice(-this.#most);
    const steps = Math.max(FEWEST, shown.length) - 1;
    const points = shown.map((value, place) => {
      const x = WIDTH - ((shown.length - 1 - place) * WIDTH) / steps;
      return value === undefined ? undefined : { x, y: HEIGHT - 1 - (value / highest) * (HEIGHT - TOP) };
    });
    return runsOf(points).flatMap((run) => {
      const path = run.map(({ x, y }, place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
      const [first, last] = [run[0] as Point, run.at(-1) as Point];
      const area = svgElement("path", { class: `area line-${index}`, d: `${path}L${last.x.toFixed(1)} ${HEIGHT}L${first.x.toFixed(1)} ${HEIGHT}Z` });
      return [area, svgElement("path", { class: `stroke line-${index}`, d: path, "vector-effect": "non-scaling-stroke" })];
    });
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The stretches without gaps. */
function runsOf(points: readonly (Point | undefined)[]): Point[][] {
  const runs: Point[][] = [[]];
  for (const point of points) {
    if (point === undefined) runs.push([]);
    else runs.at(-1)?.push(point);
  }
  return runs.filter((run) => run.length > 0);
}

/** The latest value: a gap at the end means that there is none now. */
function writeLast(values: readonly (number | undefined)[], write: (value: number) => string): string {
  const last = values.at(-1);
  return last === undefined ? "–" : write(last);
}

const niceSteps: readonly number[] = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next round number that is not below the value, so that the scale changes seldom. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(((niceSteps.find((step) => step * power >= value) ?? 10) * power).toPrecision(2));
}
