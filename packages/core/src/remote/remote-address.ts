import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "../errors/index.js";

/** Where a runner server is. */
export interface RemoteAddress {
  /** As an HTTP client has it; of a Unix socket the host means nothing. */
  readonly origin: string;
  readonly socketPath: string | undefined;
  /** In front of each path, "" or "/runners/digits": for a proxy with several runners behind it. */
  readonly pathPrefix: string;
  readonly isEncrypted: boolean;
  /** As errors show it. */
  readonly shown: string;
}

const FORMS = '"http://host:port", "https://host:port", "tcp://host:port", "unix:/path/to.sock" or "file:///path/to.sock"';

/**
 * Reads the address of a runner server: of HTTP, or of the forms `tcp://` and `file://` that the original's mapping has.
 *
 * @throws InvalidArgumentError for anything else, and for an address with a user, a query or a fragment.
 */
export function remoteAddress(given: string | URL): RemoteAddress {
  const text = String(given);
  if (!URL.canParse(text)) throw wrongAddress(text, "it is no URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw wrongAddress(url.origin, 'it has a user or password in it: pass the option "token" instead');
  if (url.search !== "" || url.hash !== "") throw wrongAddress(text, "it has a query or a fragment");
  switch (url.protocol) {
    case "http:":
    case "https:":
      return hostAddress(url, url.protocol, text);
    case "tcp:":
      if (url.port === "") throw wrongAddress(text, "it names no port");
      return hostAddress(new URL(text.replace(/^tcp:/i, "http:")), "http:", text);
    case "unix:":
      return socketAddress(socketPathOf(url, text), text);
    case "file:":
      return socketAddress(fileURLToPath(url), text);
    default:
      throw wrongAddress(text, `"${url.protocol}" is no scheme of runner servers`);
  }
}

function hostAddress(url: URL, protocol: string, shown: string): RemoteAddress {
  if (url.hostname === "") throw wrongAddress(shown, "it names no host");
  return { origin: url.origin, socketPath: undefined, pathPrefix: url.pathname.replace(/\/+$/, ""), isEncrypted: protocol === "https:", shown };
}

function socketPathOf(url: URL, text: string): string {
  if (url.host !== "" || !url.pathname.startsWith("/")) throw wrongAddress(text, "the path of a socket must be absolute");
  return decodeURIComponent(url.pathname);
}

function socketAddress(socketPath: string, shown: string): RemoteAddress {
  return { origin: "http://localhost", socketPath, pathPrefix: "", isEncrypted: false, shown };
}

function wrongAddress(text: string, why: string): InvalidArgumentError {
  return new InvalidArgumentError(`The url of a remote runner is ${JSON.stringify(text)}, but ${why}: give ${FORMS}.`);
}
