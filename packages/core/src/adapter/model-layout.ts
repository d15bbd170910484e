import { InvalidModelError } from "../errors/index.js";
import type { StoredModel } from "../models/index.js";
import { versionNumber } from "./contract-version.js";

const LONGEST_SHOWN = 40;

/** @throws InvalidModelError of the code MODEL_LAYOUT for a model whose files another release of the adapter laid out, and says which. */
export function checkLayout({ tag, info }: StoredModel, { name, layouts }: { readonly name: string; readonly layouts?: readonly string[] }): void {
  if (layouts === undefined || layouts.includes(info.apiVersion)) return;
  const newest = versionNumber(layouts[layouts.length - 1]);
  const number = versionNumber(info.apiVersion);
  const isNewer = number !== undefined && newest !== undefined && number > newest;
  const { bentomlVersion } = info.context;
  const saver = info.adapter === undefined || bentomlVersion === "" ? "" : ` by a release for bentoml-core ${shown(bentomlVersion)}`;
  throw new InvalidModelError(
    `Model ${tag.toString()} was saved${saver} in the file layout ${JSON.stringify(shown(info.apiVersion))}; ` +
      `the installed ${name} opens ${layouts.map((layout) => `"${layout}"`).join(", ")}. ` +
      (isNewer ? `Update it: npm i ${name}@latest.` : "Save the model again with it."),
    { code: "MODEL_LAYOUT" },
  );
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
