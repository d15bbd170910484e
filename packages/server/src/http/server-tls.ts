import { Buffer } from "node:buffer";
import type { ServerOptions } from "node:https";

/** Keys and certificates in PEM. */
export interface ServerTls {
  /** The server's certificate, with those that lead to its authority. */
  readonly cert: string | Uint8Array;
  /** The certificate's key. */
  readonly key: string | Uint8Array;
  /** For a `key` that is encrypted. */
  readonly passphrase?: string;
  /** Who must have signed the clients' certificates. Given: connections without such a certificate are refused. */
  readonly clientCa?: string | Uint8Array;
}

export function tlsOptions({ cert, key, passphrase, clientCa }: ServerTls): ServerOptions {
  const own = { cert: bytesOf(cert), key: bytesOf(key), ...(passphrase === undefined ? {} : { passphrase }) };
  return clientCa === undefined ? own : { ...own, ca: bytesOf(clientCa), requestCert: true, rejectUnauthorized: true };
}

function bytesOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
}
