import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { InferAnswer, InferRequest } from "./json-request.js";

/** Answers every POST by bare `node:http`, prints its address, and ends with SIGTERM. */
export function listenForJson(answer: (request: InferRequest) => InferAnswer | Promise<InferAnswer>): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void respond(Buffer.concat(chunks).toString());
    });

    async function respond(body: string): Promise<void> {
      try {
        const text = JSON.stringify(await answer(JSON.parse(body) as InferRequest));
        response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
        response.end(text);
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    }
  });
  server.listen(0, "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.on("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
  });
}
