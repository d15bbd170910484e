import type { Licence } from "./licence.js";

/** What is asked of the author. */
export interface Answers {
  /** Of the framework, or of the package. */
  readonly name: string;
  readonly description: string;
  readonly author: string;
  readonly licence: Licence;
}

/** @param title the framework's name for people. */
export function usualDescription(title: string): string {
  return `Saves, loads and runs models of ${title} with bentoml for Node.js.`;
}
