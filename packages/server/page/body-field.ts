import { element, freshId } from "./element.js";
import { bytesText } from "./number-text.js";
import { exampleOf, resolved, type MediaType, type OpenApi, type Schema } from "./openapi.js";
import { acceptDrops } from "./picture-files.js";
import { InputError } from "./tensor-value.js";

/** A body that is ready to be sent. */
export interface Body {
  /** Undefined where the browser writes it: a form's boundary. */
  readonly contentType: string | undefined;
  readonly content: string | Blob | FormData;
}

/** A form for one media type of a body. */
export interface BodyField {
  readonly node: HTMLElement;
  /** Throws InputError when something is missing. */
  read(): Body;
}

/** Browsers take seconds to show a text that is longer. */
const MOST_SHOWN_BYTES = 200_000;

/** Whether a body is text that a person can type. */
export function isText(type: string): boolean {
  return /^text\/|json|xml|csv/.test(type);
}

/** The form for a body of this media type: text, a file, or several parts. */
export function bodyField(type: string, media: MediaType, document: OpenApi, changed: () => void): BodyField {
  if (type === "multipart/form-data") return partsField(media, document, changed);
  if (!isText(type)) return fileField(type, changed);
  const sample = exampleOf(media, document);
  return textField(type, typeof sample === "string" && !type.includes("json") ? sample : JSON.stringify(sample, null, 2), changed);
}

function textField(type: string, sample: string, changed: () => void): BodyField {
  const id = freshId("body");
  const text = element("textarea", { id, rows: Math.min(14, Math.max(4, sample.split("\n").length)), spellcheck: "false", class: "code" });
  text.value = sample;
  let held: Blob | undefined;
  text.addEventListener("input", () => {
    held = undefined;
    changed();
  });
  const node = element("div", {}, element("label", { for: id, class: "quiet" }, `Body, ${type}, or drop a file here`), text);
  acceptDrops(node, (file) => {
    const isShown = file.size <= MOST_SHOWN_BYTES;
    held = isShown ? undefined : new Blob([file], { type });
    text.placeholder = isShown ? "" : `${file.name}, ${bytesText(file.size)}, is sent as it is. Type your own here.`;
    void (isShown ? file.text() : Promise.resolve("")).then((shown) => {
      text.value = shown;
      changed();
    });
  });
  const read = (): Body => {
    if (held !== undefined) return { contentType: type, content: held };
    if (type.includes("json")) checkJson(text.value);
    return { contentType: type, content: text.value };
  };
  return { node, read };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new InputError(`This is no JSON: ${(error as Error).message}`);
  }
}

function fileField(type: string, changed: () => void, label = "File"): BodyField {
  const id = freshId("file");
  const isImage = type.startsWith("image/");
  const input = element("input", { id, type: "file", accept: isImage ? "image/*" : undefined });
  const preview = element("img", { class: "picture", alt: "The picture that is sent", hidden: true });
  const node = element("div", { class: "drop" }, element("label", { for: id }, `${label}, ${type} `), input, element("span", { class: "quiet" }, " or drop one here"), preview);
  let chosen: Blob | undefined;
  const take = (file: File): void => {
    chosen = file;
    if (file.type.startsWith("image/")) {
      URL.revokeObjectURL(preview.src);
      preview.src = URL.createObjectURL(file);
      preview.hidden = false;
    }
    changed();
  };
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file !== undefined) take(file);
  });
  acceptDrops(node, (file) => {
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    take(file);
  });
  const read = (): Body => {
    if (chosen === undefined) throw new InputError(`${label}: choose a file or drop one.`);
    // An API that takes several kinds of pictures wants the one that it gets, not their pattern.
    return { contentType: type.includes("*") || (isImage && chosen.type !== "") ? chosen.type : type, content: chosen };
  };
  return { node, read };
}

function partsField(media: MediaType, document: OpenApi, changed: () => void): BodyField {
  const schema = resolved(media.schema ?? {}, document);
  const parts = Object.entries(schema.properties ?? {}).map(([name, property]) => ({ name, field: partField(name, resolved(property, document), document, changed) }));
  const read = (): Body => {
    const form = new FormData();
    for (const { name, field } of parts) {
      const { contentType, content } = field.read();
      if (content instanceof Blob) form.append(name, content);
      else if (typeof content === "string") form.append(name, contentType?.includes("json") === true ? new Blob([content], { type: contentType }) : content);
    }
    return { contentType: undefined, content: form };
  };
  const nodes = parts.map(({ name, field }) => element("fieldset", { class: "tensor" }, element("legend", {}, element("b", {}, name)), field.node));
  return { node: element("div", {}, ...nodes), read };
}

function partField(name: string, schema: Schema, document: OpenApi, changed: () => void): BodyField {
  const type = schema.contentMediaType;
  const isFile = schema.format === "binary" || (type !== undefined && !isText(type));
  if (isFile) return fileField(type ?? "application/octet-stream", changed, name);
  const sample = exampleOf({ schema }, document);
  return typeof sample === "string" ? textField(type ?? "text/plain", sample, changed) : textField("application/json", JSON.stringify(sample, null, 2), changed);
}
