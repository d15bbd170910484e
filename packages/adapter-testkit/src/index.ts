export { testAdapter } from "./test-adapter.js";
export { AdapterContractError } from "./contract-error.js";
export type { Ability, LeftOut } from "./ability.js";
export type { AdapterTestOptions, TestFunction } from "./adapter-test-options.js";
export type { ContainerSample, InvalidCall, InvalidOptions, SampleCall, SampleModel, SampleStream } from "./sample-model.js";
