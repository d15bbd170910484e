import { element } from "./element.js";
import { prettyJson } from "./pretty-json.js";

const MOST_SHOWN = 100_000;

/** What came of a call: an answer with how long it took, or what went wrong. Screen readers hear a change. */
export class ResultPanel {
  readonly node: HTMLElement;
  readonly #status = element("p", { class: "result-status", role: "status" });
  readonly #content: HTMLElement;

  constructor(empty: string) {
    this.#content = element("div", { class: "result-content" }, element("p", { class: "quiet empty" }, empty));
    this.node = element("section", { class: "card result", "aria-labelledby": "result-heading" }, element("div", { class: "heading-row" }, element("h2", { id: "result-heading" }, "Answer"), this.#status), this.#content);
  }

  /** The last answer stays, so that nothing jumps. */
  wait(): void {
    this.node.setAttribute("aria-busy", "true");
  }

  /** @param raw the whole answer, when it is a text. */
  show(status: string, content: readonly HTMLElement[], raw?: string): void {
    this.#settle(status, "good");
    this.#content.replaceChildren(...content, ...(raw === undefined ? [] : [rawView(raw)]));
  }

  fail(message: string, status?: number): void {
    this.#settle(status === undefined || status === 0 ? "not sent" : `status ${status}`, "bad");
    this.#content.replaceChildren(element("p", { class: "problem", role: "alert" }, message));
  }

  #settle(status: string, state: "good" | "bad"): void {
    this.node.removeAttribute("aria-busy");
    this.#status.textContent = status;
    this.#status.dataset["state"] = state;
  }
}

function rawView(raw: string): HTMLElement {
  const code = element("code", {});
  const details = element("details", { class: "raw" }, element("summary", {}, "JSON"), element("pre", { tabindex: 0, "aria-label": "Answer as JSON" }, code));
  details.addEventListener("toggle", () => {
    const text = raw.length > MOST_SHOWN ? raw : prettyJson(raw);
    code.textContent = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
  });
  return details;
}
