import type { ModelSummary, ServerSummary } from "../src/page/page-data.js";
import { element } from "./element.js";
import { liveCharts } from "./live-charts.js";
import type { LiveSampler } from "./live-sampler.js";
import { plural } from "./number-text.js";
import type { ApiOperation } from "./openapi.js";
import { apiAddress, modelAddress } from "./router.js";
import { shapeText } from "./tensor-value.js";

/** The first view: all that is served, and what goes on right now. */
export function overview({ models }: ServerSummary, apis: readonly ApiOperation[], title: string, sampler: LiveSampler): HTMLElement {
  const ready = models.filter((model) => model.ready).length;
  const state = models.length === 0 ? "No model is loaded." : ready === models.length ? `${plural(ready, "model")} ready.` : `${ready} of ${plural(models.length, "model")} ready.`;
  return element(
    "article",
    {},
    element("header", {}, element("h1", { tabindex: -1 }, title), element("p", { class: "lead" }, `${state} Choose one and try it, here or from your code.`)),
    models.length > 0 && section("Models", models.map(modelCard)),
    apis.length > 0 && section("APIs", apis.map(apiCard)),
    liveCharts(sampler),
  );
}

function section(title: string, cards: readonly HTMLElement[]): HTMLElement {
  return element("section", { "aria-label": title }, element("h2", {}, title), element("ul", { class: "cards" }, ...cards.map((card) => element("li", {}, card))));
}

function modelCard(model: ModelSummary): HTMLElement {
  const tensors = (side: string, list: ModelSummary["inputs"]): HTMLElement =>
    element("p", { class: "tensors" }, element("span", { class: "side" }, side), ...list.slice(0, 3).map(({ name, datatype, shape }) => element("code", {}, `${name} ${datatype} ${shapeText(shape)}`)), list.length > 3 && element("span", { class: "quiet" }, `and ${list.length - 3} more`));
  return element(
    "a",
    { class: "card link-card", href: modelAddress(model) },
    element("h3", {}, element("span", { class: model.ready ? "dot good" : "dot bad", role: "img", "aria-label": model.ready ? "ready" : "not ready" }), element("span", {}, model.name, element("span", { class: "version" }, `:${model.version}`))),
    tensors("in", model.inputs),
    tensors("out", model.outputs),
    element("p", { class: "quiet" }, model.platform),
  );
}

function apiCard(api: ApiOperation): HTMLElement {
  return element("a", { class: "card link-card", href: apiAddress(api) }, element("h3", {}, api.name), element("p", {}, element("code", {}, `POST ${api.path}`)), element("p", { class: "quiet" }, api.summary));
}
