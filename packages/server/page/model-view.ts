import type { ModelSummary, TensorSummary } from "../src/page/page-data.js";
import { element } from "./element.js";
import { inferJson, inferRequest, needsBinary, readOutputs } from "./infer-call.js";
import { bytesText, durationText, plural } from "./number-text.js";
import { outputView } from "./output-view.js";
import { ResultPanel } from "./result-panel.js";
import { errorMessage, type ServerClient } from "./server-client.js";
import { SnippetView } from "./snippet-view.js";
import { tensorField } from "./tensor-field.js";
import { InputError, shapeText, type TensorValue } from "./tensor-value.js";

/** A model: what it takes and gives, a form to try it, and the same call as snippets. */
export function modelView(model: ModelSummary, client: ServerClient): HTMLElement {
  const trial = new Trial(model, client);
  return element(
    "article",
    { class: "model" },
    element("header", {}, element("h1", { tabindex: -1 }, model.name, element("span", { class: "version" }, `:${model.version}`)), facts(model)),
    signature(model),
    model.inputs.length === 0 ? element("p", { class: "card" }, "This model's signature is not known, so there is no form for it.") : trial.node,
    trial.snippets.node,
  );
}

function facts(model: ModelSummary): HTMLElement {
  const batch = model.maxBatchSize === null ? "batches of any size" : model.maxBatchSize > 1 ? `batches of up to ${model.maxBatchSize}` : "no batching";
  const state = element("li", { class: model.ready ? "state good" : "state bad" }, model.ready ? "ready" : "not ready");
  return element("ul", { class: "facts" }, state, ...[model.platform, batch, `runner ${model.runner}`].map((fact) => element("li", {}, fact)));
}

function signature({ inputs, outputs }: ModelSummary): HTMLElement {
  const rows = (side: string, tensors: readonly TensorSummary[]): HTMLElement[] =>
    tensors.map(({ name, datatype, shape }) => element("tr", {}, element("td", {}, side), element("th", { scope: "row" }, name), element("td", {}, element("code", {}, datatype)), element("td", {}, element("code", {}, shapeText(shape)))));
  const head = element("tr", {}, ...["", "name", "dtype", "shape"].map((title) => element("th", { scope: "col" }, title)));
  return element(
    "section",
    { class: "card scroll", "aria-label": "Signature", tabindex: 0 },
    element("table", { class: "signature", "aria-label": "Inputs and outputs" }, element("thead", {}, head), element("tbody", {}, ...rows("in", inputs), ...rows("out", outputs))),
  );
}

/** The form of a model and what comes of it. */
class Trial {
  readonly node: HTMLElement;
  readonly snippets: SnippetView = new SnippetView();
  readonly #model: ModelSummary;
  readonly #client: ServerClient;
  readonly #result = new ResultPanel("Run the model to see what it says.");
  readonly #fields: readonly { read(): TensorValue }[];
  #isRunning = false;
  #isWaiting = false;

  constructor(model: ModelSummary, client: ServerClient) {
    this.#model = model;
    this.#client = client;
    this.#fields = [];
    const fields = model.inputs.map((tensor) => tensorField(tensor, (isFinished) => this.#changed(isFinished)));
    this.#fields = fields;
    const form = element(
      "form",
      { class: "card try", "aria-label": `Try ${model.name}` },
      element("h2", {}, "Try it"),
      ...fields.map(({ node }) => node),
      element("p", { class: "actions" }, element("button", { class: "primary" }, "Run"), element("span", { class: "quiet" }, "or Ctrl + Enter")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.node = element("div", { class: "columns" }, form, this.#result.node);
    this.#changed(false);
  }

  #changed(isFinished: boolean): void {
    const { infer, inputs, outputs } = this.#model;
    const values = this.#fields.length === inputs.length ? this.#valuesOr(() => undefined) : undefined;
    // Bytes cannot be pasted.
    const body = values === undefined || needsBinary(inputs, outputs) ? undefined : inferJson(values);
    this.snippets.show(body === undefined ? undefined : { url: this.#client.urlOf(infer), contentType: "application/json", body, needsToken: this.#client.hasToken });
    if (isFinished && values !== undefined) void this.#run();
  }

  #valuesOr(listener: (error: InputError) => void): TensorValue[] | undefined {
    try {
      return this.#fields.map((field) => field.read());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      listener(error);
      return undefined;
    }
  }

  /** One call at a time: while one is on its way, only the newest of the next ones is kept. */
  async #run(): Promise<void> {
    if (this.#isRunning) {
      this.#isWaiting = true;
      return;
    }
    const values = this.#valuesOr((error) => this.#result.fail(error.message));
    if (values === undefined) return;
    this.#isRunning = true;
    await this.#ask(values);
    this.#isRunning = false;
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    await this.#run();
  }

  async #ask(values: readonly TensorValue[]): Promise<void> {
    this.#result.wait();
    try {
      const answer = await this.#client.send(this.#model.infer, { method: "POST", ...inferRequest(values, this.#model.outputs) });
      if (answer.status !== 200) {
        this.#result.fail(errorMessage(new TextDecoder().decode(answer.bytes)), answer.status);
        return;
      }
      const { outputs, text } = readOutputs(answer);
      this.#result.show(`${durationText(answer.durationMs)}, ${bytesText(answer.bytes.length)}, ${plural(outputs.length, "output")}`, outputs.map((output) => outputView(output, labelsOf(this.#model, output.name))), text);
    } catch (error) {
      this.#result.fail((error as Error).message);
    }
  }
}

function labelsOf({ outputs }: ModelSummary, name: string): readonly string[] | undefined {
  return outputs.find((output) => output.name === name)?.labels;
}
