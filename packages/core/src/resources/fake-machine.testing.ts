import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that stands for the root of a machine's file system, with these files. Disposing of it removes them. */
export class FakeMachine implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), "bentoml-machine-"));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

/** Files of a machine with so many GPUs. */
export function gpuFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`proc/driver/nvidia/gpus/0000:0${index}:00.0/information`, "Model: made up\n"]));
}
