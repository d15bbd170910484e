import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

export class LeavesAListener extends LinearRunnable {
  override async setup(): Promise<void> {
    await super.setup();
    if (process.listenerCount("beforeExit") === 0) process.on("beforeExit", () => undefined);
  }
}

export const adapter = withRunnable(import.meta.url, "LeavesAListener");
