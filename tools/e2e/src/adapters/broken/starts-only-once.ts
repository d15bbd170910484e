import { StateError } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

const torn = new Set<string>();

export class StartsOnlyOnce extends LinearRunnable {
  override async setup(): Promise<void> {
    if (torn.has(this.params.path)) throw new StateError("the engine was already shut down");
    await super.setup();
  }

  override teardown(): void {
    torn.add(this.params.path);
  }
}

export const adapter = withRunnable(import.meta.url, "StartsOnlyOnce");
