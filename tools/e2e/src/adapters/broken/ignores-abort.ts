import { withCalls } from "./changed-adapter.js";

export const adapter = withCalls(
  (method, args) => method(...args),
  (method) => method,
);
