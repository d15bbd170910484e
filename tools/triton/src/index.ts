/** A real Triton server on this machine, with small models, for tests and benchmarks. */
export { measurePythonClient, type ClientSpeed } from "./python-client.js";
export { startTriton, type StartedTriton, type TritonOptions } from "./started-triton.js";
export { testModelNames } from "./test-models.js";
