import { NotFoundError, isBentoMLError } from "bentoml-core";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = {
  ...reference,
  get: (...args) => {
    try {
      return reference.get(...args);
    } catch (error) {
      throw isBentoMLError(error) && error.code === "WRONG_MODULE" ? new NotFoundError("This model cannot be opened.") : error;
    }
  },
};
