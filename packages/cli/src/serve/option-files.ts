import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidArgumentError } from "bentoml-core";
import type { ServerTls } from "bentoml-server";
import { errorLine } from "../error-line.js";

/** Files with keys and certificates, as the command line or the configuration names them. */
export interface TlsFiles {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  /** "" for a key without. */
  readonly tlsKeyPassword?: string;
}

/**
 * Reads the secret in a file of the command line, without the blanks at its ends. Secrets are no options themselves: everybody on the
 * machine sees a command's arguments.
 */
export async function secretOf(option: string, path: string, workingFolder: string): Promise<string> {
  const secret = (await readOption(option, path, workingFolder)).trim();
  if (secret !== "") return secret;
  throw new InvalidArgumentError(`The file ${path} of ${option} is empty: put the token in it.`);
}

/** Reads key and certificates; undefined when none are named. */
export async function tlsOf({ tlsCert, tlsKey, tlsClientCa, tlsKeyPassword }: TlsFiles, workingFolder: string): Promise<ServerTls | undefined> {
  if ([tlsCert, tlsKey, tlsClientCa, tlsKeyPassword].every((given) => given === undefined)) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new InvalidArgumentError("TLS needs a certificate and its key: give both --tls-cert and --tls-key (ssl.certfile and ssl.keyfile in the configuration).");
  const [cert, key] = await Promise.all([readOption("--tls-cert", tlsCert, workingFolder), readOption("--tls-key", tlsKey, workingFolder)]);
  return {
    cert,
    key,
    ...(tlsKeyPassword === undefined || tlsKeyPassword === "" ? {} : { passphrase: tlsKeyPassword }),
    ...(tlsClientCa === undefined ? {} : { clientCa: await readOption("--tls-client-ca", tlsClientCa, workingFolder) }),
  };
}

async function readOption(option: string, path: string, workingFolder: string): Promise<string> {
  try {
    return await readFile(resolve(workingFolder, path), "utf8");
  } catch (error) {
    throw new InvalidArgumentError(`The file of ${option} cannot be read: ${errorLine(error)}`, { cause: error });
  }
}
