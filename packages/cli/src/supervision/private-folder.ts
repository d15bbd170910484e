import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for sockets that only this user can look into (mkdtemp gives it mode 0700). */
export class PrivateFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), "bentoml-"));
  readonly #atExit = (): void => this.remove();

  constructor() {
    process.once("exit", this.#atExit);
  }

  remove(): void {
    process.off("exit", this.#atExit);
    rmSync(this.path, { recursive: true, force: true });
  }
}
