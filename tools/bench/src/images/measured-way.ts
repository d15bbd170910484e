import { fork } from "node:child_process";
import { once } from "node:events";
import type { ImageSpeed } from "./image-speed.js";
import type { ImageFacts, MeasureRequest, Way } from "./measured-images.js";

/** A way to make tensors, in a process of its own. */
export interface MeasuredWay {
  speed(inFlight: number, seconds: number): Promise<ImageSpeed>;
  /** p99 of its event loop, ms. */
  delay(inFlight: number, seconds: number): Promise<number>;
  idleDelay(seconds: number): Promise<number>;
  facts(): Promise<ImageFacts>;
  close(): void;
}

/** @param program JavaScript of `measured-images`. Each way has its process: the threads in which sharp decodes belong to one, with their priority. */
export function startWay(program: string, way: Way, storeFolder: string): MeasuredWay {
  const child = fork(program, [way, storeFolder], { execArgv: [] });
  // Heard once for all that is asked.
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`The process of "${way}" ended with ${String(code)}.`);
  });
  gone.catch(() => undefined);
  const ask = async (request: MeasureRequest): Promise<unknown> => {
    const answered = once(child, "message");
    child.send(request);
    const [answer] = (await Promise.race([answered, gone])) as [unknown];
    return answer;
  };
  return {
    speed: async (inFlight, seconds) => (await ask({ measure: "speed", inFlight, seconds })) as ImageSpeed,
    delay: async (inFlight, seconds) => (await ask({ measure: "delay", inFlight, seconds })) as number,
    idleDelay: async (seconds) => (await ask({ measure: "idle", inFlight: 0, seconds })) as number,
    facts: async () => (await ask({ measure: "facts", inFlight: 0, seconds: 0 })) as ImageFacts,
    close: () => child.disconnect(),
  };
}
