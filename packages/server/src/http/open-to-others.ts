import { isIPv4 } from "node:net";

/** Whether a server that listens on this host can be reached from other machines. A name that is not `localhost` counts as one that can. */
export function isOpenToOthers(host: string): boolean {
  if (isIPv4(host)) return !host.startsWith("127.");
  return !["localhost", "::1", "[::1]", "::ffff:127.0.0.1"].includes(host.toLowerCase());
}

/**
 * Warns whoever runs a server that everybody who can reach it can call.
 *
 * @param secrets what to give it, with the option's name.
 */
export function warnOfOpenServer(host: string, secrets: string): void {
  process.emitWarning(`everybody who can reach ${host} can call this server: give it ${secrets}, or ask for client certificates (tls.clientCa)`, {
    type: "BentoMLWarning",
    code: "BENTOML_OPEN_TO_OTHERS",
  });
}
