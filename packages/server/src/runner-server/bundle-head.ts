import type { IncomingHttpHeaders } from "node:http";
import { InvalidArgumentError, MOST_CALLS_OF_A_BUNDLE, isBundleName, runnerHeaders } from "bentoml-core";
import { checkContentEncoding, checkWireVersion } from "./call-head.js";
import type { MethodToServe } from "./runner-to-serve.js";

const callsHeader = runnerHeaders.calls.toLowerCase();
const bundleHeader = runnerHeaders.bundle.toLowerCase();

/** How many calls the headers announce; undefined when that is no number that is taken. */
export function announcedCalls(headers: IncomingHttpHeaders): number | undefined {
  const text = String(headers[callsHeader]);
  const count = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MOST_CALLS_OF_A_BUNDLE ? count : undefined;
}

/**
 * All that a request with several calls can be refused for before its body is read.
 *
 * @returns its name.
 * @throws InvalidArgumentError, or BentoMLError of another wire version or an encoding.
 */
export function checkBundleHead(headers: IncomingHttpHeaders, { name: methodName, config }: MethodToServe): string {
  checkWireVersion(headers);
  checkContentEncoding(headers);
  if (config.stream) throw new InvalidArgumentError(`method "${methodName}" answers with a stream: its calls come alone`);
  if (announcedCalls(headers) === undefined) {
    throw new InvalidArgumentError(`the header ${runnerHeaders.calls} must be the number of calls, 1 to ${MOST_CALLS_OF_A_BUNDLE}, not "${String(headers[callsHeader]).slice(0, 40)}"`);
  }
  const name = headers[bundleHeader];
  if (typeof name === "string" && isBundleName(name)) return name;
  throw new InvalidArgumentError(`the header ${runnerHeaders.bundle} must be a name that nobody can guess, of 16 to 64 letters, digits, "_" and "-"`);
}
