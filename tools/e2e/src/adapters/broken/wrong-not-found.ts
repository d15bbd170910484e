import { isBentoMLError } from "bentoml-core";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = {
  ...reference,
  get: (...args) => {
    try {
      return reference.get(...args);
    } catch (error) {
      throw isBentoMLError(error) && error.code === "MODEL_NOT_FOUND" ? new Error(error.message) : error;
    }
  },
};
