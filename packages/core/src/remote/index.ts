/**
 * Runners whose model runs behind a runner server: the client's side, and the names that both sides of the protocol share. A request
 * waits for its turn, is sent, sent again where that is safe, and its answer becomes a value or an error; sockets are the transport's.
 * Uses `containers`, `frames` and the contract of `handles`; used by `runner`, and by the package that serves runners.
 */
export { cancellationsOf, isBundleName, type Cancellation } from "./cancellation.js";
export { RemoteRunnerClient } from "./remote-runner-client.js";
export type { RemoteRunnerOptions, RemoteTls } from "./remote-runner-options.js";
export { MOST_CALLS_OF_A_BUNDLE, RUNNER_PROTOCOL_VERSION, methodPath, runnerHeaders } from "./runner-protocol.js";
