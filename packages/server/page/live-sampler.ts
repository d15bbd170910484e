import type { LiveReading } from "../src/page/page-data.js";
import { pointBetween, type LivePoint } from "./live-points.js";
import type { ServerClient } from "./server-client.js";

/** How often the server is asked, and for how long points are kept. */
const EVERY_MS = 1000;
export const POINTS = 120;

/** Asks the server for its counts each second while the page is to be seen, and keeps the last two minutes. */
export class LiveSampler {
  readonly points: LivePoint[] = [];
  /** Undefined while the server answers. */
  problem: string | undefined;
  readonly #client: ServerClient;
  readonly #listeners: Set<() => void> = new Set();
  #before: LiveReading | undefined;
  #isPaused = false;

  constructor(client: ServerClient) {
    this.#client = client;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  set isPaused(value: boolean) {
    this.#isPaused = value;
    this.#tell();
  }

  start(): void {
    void this.#sample().finally(() => setTimeout(() => this.start(), EVERY_MS));
  }

  /** Calls back after each sample, until the answer is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #sample(): Promise<void> {
    if (document.hidden || this.#isPaused) return;
    try {
      const reading = await this.#client.json<LiveReading>("page/live");
      const point = this.#before && pointBetween(this.#before, reading);
      if (point !== undefined) this.points.push(point);
      this.points.splice(0, this.points.length - POINTS);
      this.#before = reading;
      this.problem = undefined;
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
