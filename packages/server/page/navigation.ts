import type { ServerSummary } from "../src/page/page-data.js";
import { element } from "./element.js";
import type { ApiOperation } from "./openapi.js";
import { apiAddress, modelAddress } from "./router.js";

/** Shows the links at the side, the one of the present address in view and marked. The focus stays where it was. */
export function showNavigation(navigation: HTMLElement, summary: ServerSummary, apis: readonly ApiOperation[]): void {
  const focused = navigation.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : undefined;
  navigation.replaceChildren(...navigationLinks(summary, apis, location.hash));
  const links = [...navigation.querySelectorAll("a")];
  links.find((link) => link.getAttribute("href") === focused)?.focus();
  const isStrip = navigation.scrollWidth > navigation.clientWidth;
  if (isStrip) links.find((link) => link.ariaCurrent !== null)?.scrollIntoView({ block: "nearest", inline: "center" });
}

function navigationLinks({ models }: ServerSummary, apis: readonly ApiOperation[], hash: string): HTMLElement[] {
  const link = (href: string, label: string, ...rest: readonly (HTMLElement | false)[]): HTMLElement =>
    element("li", {}, element("a", { href, "aria-current": isSame(href, hash) ? "page" : undefined, title: label }, ...rest, element("span", { class: "link-text" }, label)));
  const group = (title: string, links: readonly HTMLElement[]): HTMLElement[] => (links.length === 0 ? [] : [element("h2", {}, title), element("ul", {}, ...links)]);
  return [
    element("ul", {}, link("#/", "Overview"), link("#/live", "Live")),
    ...group("Models", models.map((model) => link(modelAddress(model), isOnly(model, models) ? model.name : `${model.name}:${model.version}`, element("span", { class: model.ready ? "dot good" : "dot bad", "aria-hidden": "true" })))),
    ...group("APIs", apis.map((api) => link(apiAddress(api), api.name))),
  ];
}

function isOnly({ name }: { readonly name: string }, models: ServerSummary["models"]): boolean {
  return models.filter((model) => model.name === name).length === 1;
}

function isSame(href: string, hash: string): boolean {
  return href === hash || (href === "#/" && (hash === "" || hash === "#"));
}
