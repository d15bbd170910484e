import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slow } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";

/** A store of its own with a model "slow" whose run takes about `repeats` ms. */
export async function slowModelStore(repeats: number): Promise<{ readonly home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "bentoml-e2e-"));
  await saveModel("slow", slow({ repeats }), { store: new ModelStore(home) });
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}
