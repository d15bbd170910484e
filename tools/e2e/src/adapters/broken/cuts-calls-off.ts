import type { AnyRunnerMethod } from "bentoml-core";
import { withRun, withRunners } from "./changed-adapter.js";

/** `destroy` rejects what is running with an error that says nothing. */
export const adapter = withRunners((runner) => {
  let cut: (error: Error) => void = () => undefined;
  const method = runner.methods["run"] as AnyRunnerMethod;
  const run = (...args: readonly unknown[]): Promise<unknown> => {
    const gone = new Promise<never>((_, reject) => (cut = reject));
    return Promise.race([method(...args), gone]);
  };
  const destroy = (): Promise<void> => {
    cut(new Error("gone"));
    return runner.destroy();
  };
  return withRun(runner, Object.assign(run, { with: (options: object) => method.with(options) }), { destroy });
});
