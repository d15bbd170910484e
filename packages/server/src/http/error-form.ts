import { Buffer } from "node:buffer";
import { failureOf } from "../protocol/failure.js";
import { withoutPaths } from "./host-paths.js";

/** How the errors of a server look on the wire. */
export interface ErrorForm {
  readonly contentType: string;
  /** The body that tells of whatever was thrown. */
  body(error: unknown): Buffer;
}

/** What every refusal of the Open Inference Protocol looks like. */
export function errorBody(message: string): string {
  return JSON.stringify({ error: message });
}

/** Errors as `{"error": message}`. What fails in the server may quote other programs' messages, which name files of the host. */
export const jsonErrors: ErrorForm = {
  contentType: "application/json",
  body: (error) => {
    const { status, message } = failureOf(error);
    return Buffer.from(errorBody(status < 500 ? message : withoutPaths(message)));
  },
};
