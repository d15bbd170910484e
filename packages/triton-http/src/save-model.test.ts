import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, ModelStore } from "bentoml-core";
import { expect, test } from "vitest";
import { saveModel } from "./index.js";

test("a misspelt option is refused before any server is asked, and leaves nothing", async () => {
  const root = mkdtempSync(join(tmpdir(), "bentoml-triton-http-"));
  const saved = saveModel("far:1", { url: "http://127.0.0.1:9", modelName: "m" }, { store: new ModelStore(root), clinet: {} } as object);
  await expect(saved).rejects.toBeInstanceOf(InvalidArgumentError);
  await expect(saved).rejects.toThrow(/saveModel of bentoml-triton-http has no option "clinet", did you mean "client"\? It has: client, labels, metadata, store\./);
  expect(existsSync(join(root, "models"))).toBe(false);
  rmSync(root, { recursive: true });
});
