import type { StoredModel } from "bentoml-core";
import { byteSize } from "./byte-size.js";
import { folderSize } from "./folder-size.js";
import { localTime } from "./local-time.js";

/** What a list tells of one model; the names are those of the original's JSON. */
export interface ModelListing {
  readonly tag: string;
  readonly module: string;
  readonly size: string;
  readonly creation_time: string;
}

/** Newest first; models of one moment by their tag. */
export function listModels(models: readonly StoredModel[]): ModelListing[] {
  return [...models].sort(newestFirst).map((model) => ({
    tag: model.tag.toString(),
    module: model.info.module,
    size: byteSize(folderSize(model.path)),
    creation_time: localTime(model.info.creationTime),
  }));
}

function newestFirst(left: StoredModel, right: StoredModel): number {
  const later = right.info.creationTime.getTime() - left.info.creationTime.getTime();
  if (later !== 0) return later;
  return left.tag.toString() < right.tag.toString() ? -1 : 1;
}
