import type { RunnerOptions } from "bentoml-core";
import { replaced, withModels } from "./changed-adapter.js";

export const adapter = withModels((model) => replaced(model, { toRunner: (options: RunnerOptions = {}) => model.toRunner({ ...options, embedded: false }) }));
