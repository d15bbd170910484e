import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

export class ThrowsPlainErrors extends LinearRunnable {
  protected override fail(): never {
    throw new Error("status 7");
  }
}

export const adapter = withRunnable(import.meta.url, "ThrowsPlainErrors");
