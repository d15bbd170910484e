import { button, element } from "./element.js";
import { LineChart, type Line } from "./charts.js";
import type { LivePoint } from "./live-points.js";
import { POINTS, type LiveSampler } from "./live-sampler.js";
import { durationText, numberText, rateText } from "./number-text.js";

interface ChartPlan {
  readonly chart: LineChart;
  readonly lines: (points: readonly LivePoint[]) => readonly Line[];
}

/** The charts of what the server does right now. They follow the sampler until they leave the document. */
export function liveCharts(sampler: LiveSampler): HTMLElement {
  const plans = chartPlans();
  const problem = element("p", { class: "problem", role: "status", hidden: true });
  const pause = button("Pause", () => (sampler.isPaused = !sampler.isPaused));
  const node = element(
    "section",
    { class: "live", "aria-labelledby": "live-heading" },
    element("div", { class: "heading-row" }, element("h2", { id: "live-heading" }, "Right now"), element("span", { class: "quiet" }, "the last two minutes"), pause),
    problem,
    element("div", { class: "charts" }, ...plans.map(({ chart }) => chart.node)),
  );
  const draw = (): void => {
    for (const { chart, lines } of plans) chart.draw(lines(sampler.points));
    pause.textContent = sampler.isPaused ? "Go on" : "Pause";
    problem.hidden = sampler.problem === undefined;
    problem.textContent = sampler.problem ?? "";
  };
  const stop = sampler.listen(() => (node.isConnected ? draw() : stop()));
  draw();
  return node;
}

function chartPlans(): ChartPlan[] {
  const plan = (title: string, write: (value: number) => string, picks: Readonly<Record<string, (point: LivePoint) => number | undefined>>): ChartPlan => ({
    chart: new LineChart(title, POINTS, write),
    lines: (points) => Object.entries(picks).map(([label, pick]) => ({ label, values: points.map(pick) })),
  });
  return [
    plan("Requests per second", rateText, { answered: ({ requestsPerSecond }) => requestsPerSecond, failed: ({ failuresPerSecond }) => failuresPerSecond }),
    plan("Latency", durationText, { p50: ({ medianMs }) => medianMs, p99: ({ slowestMs }) => slowestMs }),
    plan("Mean batch size", numberText, { items: ({ meanBatch }) => meanBatch }),
    plan("Queue", numberText, { "items wait": ({ queuedItems }) => queuedItems }),
    plan("Workers", numberText, { "at work": ({ busyWorkers }) => busyWorkers, "in all": ({ workers }) => workers }),
  ];
}

/** One line for the top bar: what the server does right now, in words. */
export function liveLine(sampler: LiveSampler): HTMLElement {
  const text = element("span", {});
  const node = element("a", { href: "#/live", class: "live-line", title: "Live charts" }, element("span", { class: "dot", "aria-hidden": "true" }), text);
  const write = (): void => {
    const last = sampler.points.at(-1);
    node.dataset["state"] = sampler.problem === undefined ? "good" : "bad";
    if (sampler.problem !== undefined) text.textContent = "no answer";
    else if (last === undefined) text.textContent = "live";
    else text.textContent = `${rateText(last.requestsPerSecond)} requests/s${last.medianMs === undefined ? "" : ` · ${durationText(last.medianMs)}`}`;
  };
  sampler.listen(write);
  write();
  return node;
}
