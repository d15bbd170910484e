import { withCalls } from "./changed-adapter.js";

export const adapter = withCalls(async (method, args) => {
  await Promise.resolve();
  return method(...args);
});
