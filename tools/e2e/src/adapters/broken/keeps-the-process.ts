import { replaced, withRunners } from "./changed-adapter.js";

/** Longer than a process may take to end. */
const HEARTBEAT_MS = 10_000;

export const adapter = withRunners((runner) =>
  replaced(runner, {
    init: async () => {
      setTimeout(() => undefined, HEARTBEAT_MS);
      return runner.init();
    },
  }),
);
