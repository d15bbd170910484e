import type { ServerResponse } from "node:http";

/** Writes a part of an answer and waits until the client has read enough for more, or has gone. */
export async function pacedWrite(response: ServerResponse, part: string | Uint8Array): Promise<void> {
  if (response.destroyed || response.write(part)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      response.off("drain", settle);
      response.off("close", settle);
      resolve();
    };
    response.on("drain", settle);
    response.on("close", settle);
  });
}
