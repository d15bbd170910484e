// Some checks start worker threads and child processes.
export default { test: { include: ["test/*.test.js"], testTimeout: 30_000 } };
