import { ApiAnswer } from "./api-answer.js";
import { bodyField, isText, type Body, type BodyField } from "./body-field.js";
import { element } from "./element.js";
import type { ApiOperation, OpenApi } from "./openapi.js";
import type { ServerClient } from "./server-client.js";
import { SnippetView } from "./snippet-view.js";
import { TabbedPanels } from "./tabbed-panels.js";

/** An API of the service: what it is for, a form to try it, and the same call as snippets. */
export function apiView(api: ApiOperation, document: OpenApi, client: ServerClient): HTMLElement {
  const snippets = new SnippetView();
  const answer = new ApiAnswer(client);
  const ways = api.takes.map(([type, media]): readonly [string, BodyField] => [type, bodyField(type, media, document, () => changed())]);
  let current = ways[0]?.[1];
  const changed = (): void => snippets.show(snippetCall(api, current, client));
  const tabs = new TabbedPanels("Kind of body", ways.map(([type, { node }]) => ({ label: type, panel: node })), (index) => {
    current = ways[index]?.[1];
    changed();
  });
  const run = element("button", { class: "primary" }, "Run");
  const form = element("form", { class: "card try", "aria-label": `Try ${api.name}` }, element("h2", {}, "Try it"), ways.length > 1 ? tabs.node : current?.node, element("p", { class: "actions" }, run, element("span", { class: "quiet" }, "or Ctrl + Enter")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer.ask(api.path, () => current?.read());
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  changed();
  const facts = element("ul", { class: "facts" }, element("li", {}, `POST ${api.path}`), ...api.gives.map((type) => element("li", {}, `answers ${type}`)));
  return element(
    "article",
    { class: "api" },
    element("header", {}, element("h1", { tabindex: -1 }, api.name), api.summary !== "" && element("p", { class: "summary" }, api.summary), facts, api.description !== "" && element("p", {}, api.description)),
    element("div", { class: "columns" }, form, answer.node),
    snippets.node,
  );
}

/** Files and forms are for the page: only text can be pasted. */
function snippetCall(api: ApiOperation, field: BodyField | undefined, client: ServerClient): Parameters<SnippetView["show"]>[0] {
  const body = readOr(field);
  if (typeof body?.content !== "string" || body.contentType === undefined || !isText(body.contentType)) return undefined;
  return { url: client.urlOf(api.path), contentType: body.contentType, body: body.content, needsToken: client.hasToken };
}

function readOr(field: BodyField | undefined): Body | undefined {
  try {
    return field?.read();
  } catch {
    return undefined;
  }
}
