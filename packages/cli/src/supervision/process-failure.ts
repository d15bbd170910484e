import { BentoMLError } from "bentoml-core";
import type { FailedMessage } from "./messages.js";

/** A process could not do what it was assigned. Its message and stack are those of the error over there. */
export class ProcessFailure extends BentoMLError {
  readonly needsTranspiler: boolean;

  constructor({ message, details, needsTranspiler }: FailedMessage) {
    super(message, { code: "PROCESS_FAILED" });
    this.stack = details;
    this.needsTranspiler = needsTranspiler;
  }
}
