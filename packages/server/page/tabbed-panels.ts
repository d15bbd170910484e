import { element, freshId } from "./element.js";

/** Panels of which one is shown, chosen by tabs: arrows move between them, as the ARIA practices have it. */
export class TabbedPanels {
  readonly node: HTMLElement;
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #panels: readonly HTMLElement[];
  readonly #chosen: (index: number) => void;

  constructor(label: string, entries: readonly { readonly label: string; readonly panel: HTMLElement }[], chosen: (index: number) => void = () => undefined) {
    this.#chosen = chosen;
    this.#panels = entries.map(({ panel }) => element("div", { role: "tabpanel", id: freshId("panel") }, panel));
    this.#tabs = entries.map((entry, index) => {
      const panel = this.#panels[index] as HTMLElement;
      const tab = element("button", { type: "button", role: "tab", id: freshId("tab"), "aria-controls": panel.id }, entry.label);
      panel.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => this.#choose(index));
      return tab;
    });
    const list = element("div", { role: "tablist", "aria-label": label }, ...this.#tabs);
    list.addEventListener("keydown", (event) => this.#move(event));
    this.node = element("div", { class: "tabbed" }, list, ...this.#panels);
    this.#show(0);
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = this.#tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const next = (index + step + this.#tabs.length) % this.#tabs.length;
    event.preventDefault();
    this.#choose(next);
    this.#tabs[next]?.focus();
  }

  #choose(index: number): void {
    if (this.#tabs[index]?.getAttribute("aria-selected") === "true") return;
    this.#show(index);
    this.#chosen(index);
  }

  #show(index: number): void {
    this.#tabs.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
    });
    this.#panels.forEach((panel, place) => (panel.hidden = place !== index));
  }
}
