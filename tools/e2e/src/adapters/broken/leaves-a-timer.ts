import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

/** Long enough to be seen, short enough to end by itself. */
const FORGOTTEN_MS = 5_000;

export class LeavesATimer extends LinearRunnable {
  override async setup(): Promise<void> {
    await super.setup();
    setTimeout(() => undefined, FORGOTTEN_MS);
  }
}

export const adapter = withRunnable(import.meta.url, "LeavesATimer");
