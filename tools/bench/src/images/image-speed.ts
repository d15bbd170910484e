import { callsPerSecond } from "../closed-loop.js";

/** Gives a tensor of the photo. */
export type MakeTensor = () => Promise<unknown>;

/** How fast images became tensors. */
export interface ImageSpeed {
  readonly perSecond: number;
  /** Of all threads' processor time. A busy machine changes it less than what the clock says. */
  readonly perProcessorSecond: number;
}

/** Of so many callers, each with its next image as soon as it has one. Counts the processor time of this process. */
export async function imageSpeed(make: MakeTensor, inFlight: number, seconds: number): Promise<ImageSpeed> {
  const callers = Array.from({ length: inFlight }, () => make);
  await Promise.all(callers.map((call) => call()));
  const [begun, usage] = [performance.now(), process.cpuUsage()];
  const perSecond = await callsPerSecond(callers, seconds);
  const elapsedMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(usage);
  return { perSecond, perProcessorSecond: (perSecond * elapsedMs * 1000) / (user + system) };
}
