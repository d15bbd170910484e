import type { ModelSummary, ServerSummary } from "../src/page/page-data.js";
import { apiView } from "./api-view.js";
import { byId, element } from "./element.js";
import { liveCharts, liveLine } from "./live-charts.js";
import { LiveSampler } from "./live-sampler.js";
import { modelView } from "./model-view.js";
import { showNavigation } from "./navigation.js";
import { apiOperations, type ApiOperation, type OpenApi } from "./openapi.js";
import { overview } from "./overview.js";
import { placeOf, type Place } from "./router.js";
import { ServerClient } from "./server-client.js";
import { themeButton } from "./theme.js";
import { askForToken } from "./token-dialog.js";

/** How often the page asks whether models have come, gone or become ready. */
const REFRESH_MS = 5000;

/** The page: what the server serves, shown by the address's hash. */
class Page {
  readonly #client = new ServerClient(askForToken);
  readonly #sampler = new LiveSampler(this.#client);
  #summary: ServerSummary | undefined;
  #document: OpenApi | undefined;
  #apis: readonly ApiOperation[] = [];

  async start(): Promise<void> {
    byId("bar").append(themeButton());
    try {
      await this.#load();
    } catch (error) {
      byId("content").replaceChildren(element("p", { class: "card problem", role: "alert" }, `The server's summary cannot be read: ${(error as Error).message}`));
      return;
    }
    byId("bar").prepend(liveLine(this.#sampler));
    this.#sampler.start();
    this.#show(false);
    addEventListener("hashchange", () => this.#show(true));
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      byId("content").focus();
    });
    setInterval(() => void this.#refresh(), REFRESH_MS);
  }

  async #load(): Promise<void> {
    this.#summary = await this.#client.json<ServerSummary>("page/summary");
    if (this.#summary.apis === null) return;
    this.#document = await this.#client.json<OpenApi>(this.#summary.apis);
    this.#apis = apiOperations(this.#document);
  }

  /** What somebody is filling in stays, unless the model itself has changed. */
  async #refresh(): Promise<void> {
    if (document.hidden || this.#summary === undefined) return;
    const before = this.#summary;
    const after = await this.#client.json<ServerSummary>("page/summary").catch(() => before);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.#summary = after;
    const place = placeOf(location.hash);
    const isSame = place?.kind === "model" && JSON.stringify(modelAt(place, after)) === JSON.stringify(modelAt(place, before));
    if (isSame || place?.kind === "api") this.#showLinks(after);
    else this.#show(false);
  }

  #show(isMove: boolean): void {
    const place = placeOf(location.hash);
    const content = byId("content");
    if (place === undefined || this.#summary === undefined) return;
    this.#showLinks(this.#summary);
    content.replaceChildren(this.#view(place, this.#summary));
    const heading = content.querySelector("h1");
    document.title = place.kind === "overview" ? this.#title : `${heading?.textContent ?? ""} · ${this.#title}`;
    if (!isMove) return;
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #showLinks(summary: ServerSummary): void {
    showNavigation(byId("navigation"), summary, this.#apis);
  }

  get #title(): string {
    return this.#document?.info.title ?? "Model server";
  }

  #view(place: Place, summary: ServerSummary): HTMLElement {
    if (place.kind === "overview") return overview(summary, this.#apis, this.#title, this.#sampler);
    if (place.kind === "live") return element("article", {}, element("header", {}, element("h1", { tabindex: -1 }, "Live")), liveCharts(this.#sampler), element("p", { class: "quiet" }, "Measured by the server while this page is open. For the long run there is ", element("a", { href: "metrics" }, "/metrics"), "."));
    if (place.kind === "model") {
      const model = modelAt(place, summary);
      return model === undefined ? notThere(`There is no model ${place.name}:${place.version} here any more.`) : modelView(model, this.#client);
    }
    const api = this.#apis.find(({ path }) => path === place.path);
    return api === undefined || this.#document === undefined ? notThere(`There is no API ${place.path} here.`) : apiView(api, this.#document, this.#client);
  }
}

function modelAt({ name, version }: { readonly name: string; readonly version: string }, { models }: ServerSummary): ModelSummary | undefined {
  return models.find((model) => model.name === name && model.version === version);
}

function notThere(text: string): HTMLElement {
  return element("article", {}, element("h1", { tabindex: -1 }, "Not there"), element("p", {}, text, " ", element("a", { href: "#/" }, "To the overview")));
}

void new Page().start();
