import type { NamedTensors, NdArray } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

const kept: unknown[] = [];

export class KeepsResults extends LinearRunnable {
  override run(feeds: NamedTensors): NdArray | NamedTensors {
    kept.push(feeds);
    return super.run(feeds);
  }
}

export const adapter = withRunnable(import.meta.url, "KeepsResults");
