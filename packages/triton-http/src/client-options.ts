import { InvalidArgumentError } from "bentoml-core";

/** Keys and certificates in PEM, for `https://`. */
export interface TritonTls {
  /** Who may have signed the server's certificate. Default: the authorities that Node knows. */
  readonly ca?: string | Uint8Array;
  /** The client's own certificate and its key, for servers that ask for one. */
  readonly cert?: string | Uint8Array;
  /** The key of `cert`. */
  readonly key?: string | Uint8Array;
  /** For a `key` that is encrypted. */
  readonly passphrase?: string;
  /** Name that the server's certificate must have. Default: the host of the url. */
  readonly servername?: string;
  /** false takes any certificate: for tests only. Default true. */
  readonly rejectUnauthorized?: boolean;
}

/** How a client calls its server. */
export interface TritonClientOptions {
  /** Sent with every request, such as `authorization`; those of a call win. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `https://`. */
  readonly tls?: TritonTls;
  /** Connections at once; more requests wait for one. Default 100. */
  readonly maxConnections?: number;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** For calls without a `timeoutMs` of their own; Infinity for none. Default 60,000. */
  readonly timeoutMs?: number;
  /** How often a connection that cannot be made is tried again, after 50 ms and then twice as long each time. Default 3. */
  readonly retries?: number;
  /**
   * Form of inputs and outputs that do not say theirs. "json" is for servers without the binary tensor extension. Default "binary";
   * runners ask the server whether it lists the extension `binary_tensor_data`.
   */
  readonly encoding?: "binary" | "json";
}

/** Options with nothing left out. */
export interface ResolvedClientOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Before `/v2`: "" or a path without a slash at its end. */
  readonly pathPrefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TritonTls | undefined;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  /** undefined where nobody has chosen. */
  readonly encoding: "binary" | "json" | undefined;
}

const DEFAULTS = { maxConnections: 100, connectTimeoutMs: 5_000, timeoutMs: 60_000, retries: 3 } as const;
const LEAST = { maxConnections: 1, connectTimeoutMs: 1, timeoutMs: 1, retries: 0 } as const;
const NAMES: ReadonlySet<string> = new Set(["headers", "tls", "encoding", ...Object.keys(DEFAULTS)]);

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function resolveClientOptions(url: string | URL, options: TritonClientOptions): ResolvedClientOptions {
  const unknown = Object.keys(options).find((name) => !NAMES.has(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`A Triton client has no option "${unknown}". It has: ${[...NAMES].sort().join(", ")}.`);
  }
  const { origin, pathPrefix, isEncrypted } = addressOf(url);
  const { tls, headers = {} } = options;
  const encoding: unknown = options.encoding;
  if (tls !== undefined && !isEncrypted) throw new InvalidArgumentError(`The option "tls" needs a url of "https://", not ${JSON.stringify(origin)}.`);
  if (encoding !== undefined && encoding !== "binary" && encoding !== "json") {
    throw new InvalidArgumentError(`encoding is ${JSON.stringify(encoding)}; it must be "binary" or "json".`);
  }
  return {
    origin,
    pathPrefix,
    headers,
    tls,
    maxConnections: numberOf(options, "maxConnections", true),
    connectTimeoutMs: numberOf(options, "connectTimeoutMs", false),
    timeoutMs: numberOf(options, "timeoutMs", false),
    retries: numberOf(options, "retries", true),
    encoding,
  };
}

/** The Python client takes "localhost:8000"; so does this one. */
function addressOf(url: string | URL): { readonly origin: string; readonly pathPrefix: string; readonly isEncrypted: boolean } {
  const text = String(url);
  const whole = text.includes("://") ? text : `http://${text}`;
  const parsed = URL.canParse(whole) ? new URL(whole) : undefined;
  const isHttp = parsed !== undefined && ["http:", "https:"].includes(parsed.protocol);
  if (!isHttp || parsed.search !== "" || parsed.hash !== "" || parsed.username !== "") {
    throw new InvalidArgumentError(
      `The url of an inference server must be "http://host:port" or "https://host:port", with a path at most, not ${JSON.stringify(text)}. Give credentials as headers.`,
    );
  }
  return { origin: parsed.origin, pathPrefix: parsed.pathname.replace(/\/+$/, ""), isEncrypted: parsed.protocol === "https:" };
}

function numberOf(options: TritonClientOptions, name: keyof typeof DEFAULTS, whole: boolean): number {
  const value: unknown = options[name] ?? DEFAULTS[name];
  const least = LEAST[name];
  if (typeof value === "number" && value >= least && (!whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`${name} of a Triton client is ${String(value)}; it must be a ${whole ? "whole number" : "number"} of at least ${least}.`);
}
