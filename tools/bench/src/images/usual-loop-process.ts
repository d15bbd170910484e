import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { imageSpeed, type ImageSpeed } from "./image-speed.js";
import { somePhoto } from "./some-photo.js";
import { photoSize, plainTensor } from "./usual-loop.js";

interface Request {
  readonly measure: "speed" | "delay" | "idle";
  readonly inFlight: number;
  readonly seconds: number;
}

export interface UsualLoop {
  speed(inFlight: number, seconds: number): Promise<ImageSpeed>;
  /** p99 of its event loop, ms. */
  delay(inFlight: number, seconds: number): Promise<number>;
  idleDelay(seconds: number): Promise<number>;
  close(): void;
}

/** The usual loop in a process of its own: the threads in which sharp decodes belong to a process, and those beside a runner have its workers' priority. */
export function startUsualLoop(): UsualLoop {
  const child = fork(fileURLToPath(import.meta.url), ["serve"], { execArgv: ["--import", "tsx"] });
  // Heard once for all that is asked.
  const gone = once(child, "exit").then(ended);
  gone.catch(() => undefined);
  const ask = async (request: Request): Promise<unknown> => {
    const answered = once(child, "message");
    child.send(request);
    const [answer] = (await Promise.race([answered, gone])) as [unknown];
    return answer;
  };
  return {
    speed: async (inFlight, seconds) => (await ask({ measure: "speed", inFlight, seconds })) as ImageSpeed,
    delay: async (inFlight, seconds) => (await ask({ measure: "delay", inFlight, seconds })) as number,
    idleDelay: async (seconds) => (await ask({ measure: "idle", inFlight: 0, seconds })) as number,
    close: () => child.disconnect(),
  };
}

function ended([code]: unknown[]): never {
  throw new Error(`The process of the usual loop ended with ${String(code)}.`);
}

async function serve(): Promise<void> {
  const photo = await somePhoto(photoSize.width, photoSize.height);
  const make = (): Promise<unknown> => plainTensor(photo);
  process.on("message", ({ measure, inFlight, seconds }: Request) => {
    const run = (): Promise<ImageSpeed> => imageSpeed(make, inFlight, seconds);
    const measured = { speed: run, delay: () => loopDelayDuring(run), idle: () => idleLoopDelay(seconds) }[measure]();
    void measured.then((value) => process.send?.(value));
  });
}

if (process.argv[2] === "serve" && process.send !== undefined) await serve();
