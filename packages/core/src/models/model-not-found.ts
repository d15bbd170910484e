import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ModelNotFoundError } from "../errors/index.js";
import type { Tag } from "../tag/index.js";
import type { ModelFolders } from "./model-folders.js";
import { nearNames } from "./near-names.js";

const TAGS_SHOWN = 5;

/** The error for a tag without a model, with the tags that may have been meant. */
export function modelNotFound(tag: Tag, root: string, folders: ModelFolders): ModelNotFoundError {
  const versions = folders.versions(tag.name);
  const names = versions.length > 0 ? [tag.name] : nearNames(tag.name, folders.names());
  const tags = names.flatMap((name) => folders.versions(name).map((version) => `${name}:${version}`));
  const more = tags.length > TAGS_SHOWN ? ` and ${tags.length - TAGS_SHOWN} more` : "";
  const near = tags.length === 0 ? "No model there has such a name." : `There is ${tags.slice(0, TAGS_SHOWN).join(", ")}${more}.`;
  return new ModelNotFoundError(
    `The model ${tag.toString()} is not in the store ${root}. ${near} See all with: bentoml models list. ` +
      `Another store is chosen with the variable BENTOML_HOME.${hintAtParent(root)}`,
  );
}

/** For those who name the folder of the models in place of the store that it is a part of. */
function hintAtParent(root: string): string {
  const isModelsFolder = basename(root) === "models" && !existsSync(join(root, "models"));
  return isModelsFolder ? ` This one has no folder "models" of its own: the store may be ${dirname(root)}.` : "";
}
