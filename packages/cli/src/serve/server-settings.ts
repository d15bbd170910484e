import type { Configuration } from "bentoml-core";
import type { AccessRules, ListenOptions, ModelServerOptions } from "bentoml-server";
import type { CliContext } from "../cli-context.js";
import { observedServer } from "./observed-server.js";
import { secretOf, tlsOf, type TlsFiles } from "./option-files.js";
import type { ServeOptions } from "./serve-options.js";

/** Holds the token that callers must bring, when no file does. */
const TOKEN_VARIABLE = "BENTOML_API_TOKEN";

/** Where to listen: what the command line says, else the configuration, else the server's own default. */
export function listenOptions(options: ServeOptions, { apiServer }: Configuration): ListenOptions {
  const host = options.host ?? apiServer.host;
  const port = options.port ?? apiServer.port;
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

/** What the command line and the configuration say of the server, but for what it serves. Reads the files that they name. */
export async function serverSettings(options: ServeOptions, configuration: Configuration, context: CliContext): Promise<Partial<ModelServerOptions>> {
  const { timeoutMs, maxConcurrency, runnerProbe, cors, pageEnabled } = configuration.apiServer;
  const [access, tls] = await Promise.all([accessOf(options, context), tlsOf(tlsFiles(options, configuration), context.workingFolder)]);
  return {
    ...observedServer(configuration, context.stdout),
    ...(access === undefined ? {} : { access }),
    ...(tls === undefined ? {} : { tls }),
    ...(cors.enabled ? { crossOrigin: cors } : {}),
    callTimeoutMs: Math.ceil(timeoutMs),
    readinessTimeoutMs: Math.ceil(runnerProbe.timeoutMs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    page: options.page && pageEnabled,
    ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
  };
}

/** Where key and certificates are: what the command line says, else the configuration. */
function tlsFiles(options: ServeOptions, { apiServer }: Configuration): TlsFiles {
  const isGiven = [options.tlsCert, options.tlsKey, options.tlsClientCa].some((file) => file !== undefined);
  const { enabled, certfile, keyfile, keyfilePassword, caCerts } = apiServer.ssl;
  if (isGiven || !enabled) return options;
  return {
    ...(certfile === undefined ? {} : { tlsCert: certfile }),
    ...(keyfile === undefined ? {} : { tlsKey: keyfile }),
    ...(caCerts === undefined ? {} : { tlsClientCa: caCerts }),
    tlsKeyPassword: keyfilePassword ?? "",
  };
}

/** Each line of the file is a token: the old one and the new one, while clients change. */
async function accessOf({ tokenFile }: ServeOptions, { workingFolder, environment }: CliContext): Promise<AccessRules | undefined> {
  const text = tokenFile === undefined ? environment[TOKEN_VARIABLE] : await secretOf("--token-file", tokenFile, workingFolder);
  if (text === undefined || text.trim() === "") return undefined;
  return { tokens: text.trim().split(/\s+/) };
}
