import { io, type InputDescriptor, type OutputDescriptor } from "../io/index.js";
import { ModelServer } from "../model-server.js";
import type { ModelServerOptions } from "../server-options.js";
import { Service, type ApiHandler } from "../service/index.js";
import { send, type TestRequest, type TestResponse } from "./http-client.js";

/** A server of a service that listens on a port of its own, closed at the end of its scope. */
export interface TestServiceServer extends AsyncDisposable {
  readonly port: number;
  readonly server: ModelServer;
  post(path: string, request?: Partial<TestRequest>): Promise<TestResponse>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<TestResponse>;
}

export async function serveService(service: Service, options: Partial<ModelServerOptions> = {}): Promise<TestServiceServer> {
  const server = new ModelServer({ page: false, ...options, service });
  const { port } = await server.listen({ port: 0 });
  return {
    port,
    server,
    post: (path, request = {}) => send(port, { path, method: "POST", ...request }),
    get: (path, headers = {}) => send(port, { path, headers }),
    [Symbol.asyncDispose]: () => server.close({ graceMs: 0 }),
  };
}

/** A service with one API, "call". */
export function serviceOf<In, Out>(input: InputDescriptor<In>, output: OutputDescriptor<Out>, handler: ApiHandler<In, Out>, timeoutMs?: number): Service {
  const service = new Service("sample");
  service.api("call", { input, output, ...(timeoutMs === undefined ? {} : { timeoutMs }) }, handler);
  return service;
}

/** A service whose API answers, as JSON, what `describe` makes of what its descriptor read. */
export function reader<In>(input: InputDescriptor<In>, describe: (value: In) => unknown = (value) => value): Service {
  return serviceOf(input, io.json(), describe);
}

/** A service whose API answers a value as its descriptor writes it. */
export function writer<Out>(output: OutputDescriptor<Out>, value: Out): Service {
  return serviceOf(io.text(), output, () => value);
}
