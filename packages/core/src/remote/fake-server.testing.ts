import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as the fake server got it. */
export interface SeenRequest {
  readonly headers: IncomingMessage["headers"];
  readonly url: string;
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, request: SeenRequest, count: number) => void;

/** An HTTP server that answers as a test says, also wrongly. */
export class FakeServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(answer: Answer) {
    this.#server = createServer(this.#listener(answer));
    this.#server.on("connection", (socket: Socket) => this.sockets.push(socket));
  }

  static async start(answer: Answer, port = 0): Promise<FakeServer> {
    const server = new FakeServer(answer);
    await new Promise<void>((resolve) => server.#server.listen(port, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #listener(answer: Answer): RequestListener {
    return (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const seen = { headers: request.headers, url: request.url ?? "", body: Buffer.concat(chunks) };
        this.seen.push(seen);
        answer(response, seen, this.seen.length);
      });
    };
  }
}
