import { button, element } from "./element.js";
import { bodyFile, curlSnippet, LONGEST_BODY, typescriptSnippet, type SnippetCall } from "./snippets.js";
import { TabbedPanels } from "./tabbed-panels.js";

/** The same call for the shell, for TypeScript, and as the bare body, to be copied. */
export class SnippetView {
  readonly node: HTMLElement;
  readonly #curl = new Snippet("curl");
  readonly #typescript = new Snippet("TypeScript");
  readonly #body = new Snippet("Body");
  readonly #download = element("p", { hidden: true });

  constructor() {
    const tabs = [this.#curl, this.#typescript, this.#body].map(({ label, node }) => ({ label, panel: node }));
    this.node = element("section", { class: "card", "aria-labelledby": "snippets-heading" }, element("h2", { id: "snippets-heading" }, "The same from elsewhere"), new TabbedPanels("Language", tabs).node, this.#download);
  }

  /** Shows this call; without one, nothing that would fail. */
  show(call: SnippetCall | undefined): void {
    this.node.hidden = call === undefined;
    if (call === undefined) return;
    this.#curl.text = curlSnippet(call);
    this.#typescript.text = typescriptSnippet(call);
    this.#body.text = call.body;
    const isLong = call.body.length > LONGEST_BODY;
    this.#download.hidden = !isLong;
    if (isLong) this.#download.replaceChildren("The body is long, so it is read from a file: ", button(`Download ${bodyFile(call)}`, () => download(call), { class: "small" }));
  }
}

/** Shown are so many characters at most; all are copied. */
const MOST_SHOWN = 30_000;

class Snippet {
  readonly node: HTMLElement;
  readonly label: string;
  readonly #code = element("code", {});
  #text = "";

  constructor(label: string) {
    this.label = label;
    const copy = button("Copy", () => void copyText(this.#text).then(() => told(copy, "Copied"), () => told(copy, "Select and copy by hand")), { class: "small copy", "aria-live": "polite" });
    this.node = element("div", { class: "snippet" }, copy, element("pre", { tabindex: 0, "aria-label": `${label} snippet` }, this.#code));
  }

  set text(text: string) {
    this.#text = text;
    this.#code.textContent = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
  }
}

function told(copy: HTMLButtonElement, text: string): void {
  copy.textContent = text;
  setTimeout(() => (copy.textContent = "Copy"), 2000);
}

/** Browsers give the clipboard to pages of this machine and to HTTPS only. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

function download(call: SnippetCall): void {
  const url = URL.createObjectURL(new Blob([call.body], { type: call.contentType }));
  element("a", { href: url, download: bodyFile(call) }).click();
  URL.revokeObjectURL(url);
}
