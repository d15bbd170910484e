import type { NamedTensors, NdArray } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

export class CutsStreamsShort extends LinearRunnable {
  override *rows(feeds: NamedTensors): Generator<NdArray> {
    const items = [...super.rows(feeds)];
    yield* items.slice(0, -1);
  }
}

export const adapter = withRunnable(import.meta.url, "CutsStreamsShort");
