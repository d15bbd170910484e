import { isText, type Body } from "./body-field.js";
import { element } from "./element.js";
import { EventReader } from "./event-stream.js";
import { bytesText, durationText, plural } from "./number-text.js";
import { outputView } from "./output-view.js";
import { prettyJson } from "./pretty-json.js";
import { ResultPanel } from "./result-panel.js";
import { errorMessage, type ServerClient } from "./server-client.js";

/** Older events of a stream go when there are more. */
const MOST_EVENTS = 500;

/** What an API answers: text, JSON, a picture, a file, or events as they come. A new call ends the one before. */
export class ApiAnswer {
  readonly #client: ServerClient;
  readonly #panel = new ResultPanel("Run the API to see what it answers.");
  #abort = new AbortController();

  constructor(client: ServerClient) {
    this.#client = client;
  }

  get node(): HTMLElement {
    return this.#panel.node;
  }

  /** Sends what `read` gives and shows the answer. */
  async ask(path: string, read: () => Body | undefined): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const body = read();
      this.#panel.wait();
      await this.#send(path, body, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.#panel.fail((error as Error).message);
    }
  }

  async #send(path: string, body: Body | undefined, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const headers: Record<string, string> = body?.contentType === undefined ? {} : { "Content-Type": body.contentType };
    const response = await this.#client.fetch(path, { method: "POST", headers, body: body?.content ?? null, signal });
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok) {
      this.#panel.fail(errorMessage(await response.text()), response.status);
      return;
    }
    if (type.startsWith("text/event-stream") && response.body !== null) return this.#showEvents(response.body, startedAt);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const status = `${durationText(performance.now() - startedAt)}, ${bytesText(bytes.length)}`;
    if (isText(type)) this.#showText(status, type, new TextDecoder().decode(bytes));
    else this.#panel.show(status, [fileView(new Blob([bytes], { type }), type)]);
  }

  #showText(status: string, type: string, text: string): void {
    if (!type.includes("json")) return this.#panel.show(status, [element("pre", { tabindex: 0, "aria-label": "Answer" }, text)]);
    const scores = numbersOf(JSON.parse(text));
    const content = scores === undefined ? [element("pre", { tabindex: 0, "aria-label": "Answer" }, prettyJson(text))] : [outputView({ name: "result", datatype: "JSON", shape: [1, scores.length], data: scores })];
    this.#panel.show(status, content, scores === undefined ? undefined : text);
  }

  async #showEvents(stream: ReadableStream<Uint8Array<ArrayBuffer>>, startedAt: number): Promise<void> {
    const list = element("ol", { class: "events", "aria-label": "Events", tabindex: 0 });
    const reader = new EventReader();
    let count = 0;
    const source = stream.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await source.read(); !part.done; part = await source.read()) {
      for (const { name, data } of reader.push(part.value)) {
        count++;
        list.append(element("li", { class: name === "error" ? "problem" : undefined }, name !== "message" && element("b", {}, `${name} `), data));
        if (list.childElementCount > MOST_EVENTS) list.firstElementChild?.remove();
      }
      this.#panel.show(`${plural(count, "event")} so far`, [list]);
    }
    this.#panel.show(`${plural(count, "event")} in ${durationText(performance.now() - startedAt)}`, [list]);
  }
}

/** A list of numbers, or a list with one of them in it: scores, most of the time. */
function numbersOf(value: unknown): number[] | undefined {
  const inner: unknown = Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  const isScores = Array.isArray(inner) && inner.length > 1 && inner.every((item) => typeof item === "number");
  return isScores ? inner : undefined;
}

function fileView(blob: Blob, type: string): HTMLElement {
  const url = URL.createObjectURL(blob);
  if (type.startsWith("image/")) return element("img", { class: "picture", src: url, alt: "The answer as a picture" });
  return element("p", {}, element("a", { href: url, download: "answer", class: "button" }, "Save the answer"), ` ${type}`);
}
