import { Buffer } from "node:buffer";
import { ERROR_TYPE, encodeReply } from "bentoml-core";
import type { ErrorForm } from "../http/error-form.js";

/**
 * Errors as frames. Class and message are told also of errors that nobody threw on purpose: whoever calls a runner has the rights of
 * the program that it is a part of, and needs to know what its model said.
 */
export const errorFrames: ErrorForm = {
  contentType: ERROR_TYPE,
  body: (error) => Buffer.concat(encodeReply({ kind: "error", error }).body),
};
