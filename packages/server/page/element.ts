/** What an element may be made of. Texts become text nodes, never HTML: names of models and their answers come from strangers. */
export type Child = Node | string | number | undefined | false;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element with these attributes; `true` is an attribute without a value, `false` and `undefined` are none. */
export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...nodesOf(children));
  return made;
}

/** The same for SVG. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: readonly Child[]): SVGElementTagNameMap[Name] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(made, attributes);
  made.append(...nodesOf(children));
  return made;
}

/** A button that is no submit button. */
export function button(label: Child, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onClick);
  return made;
}

/** An id that nothing else on the page has. */
export function freshId(prefix: string): string {
  ids++;
  return `${prefix}-${ids}`;
}
let ids = 0;

/** The element of the page's HTML that has this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}

function setAttributes(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
}

function nodesOf(children: readonly Child[]): (Node | string)[] {
  return children.filter((child) => child !== undefined && child !== false).map((child) => (typeof child === "number" ? String(child) : child));
}
