/** Runnables and runners: the classes that users and adapters write against. Used by `adapter` and by everybody outside. */
export { AbstractRunner, type AbstractRunnerFields, type RunnerHandleClass } from "./abstract-runner.js";
export type { CallContext, SetupContext } from "./call-context.js";
export { DefaultStrategy } from "./default-strategy.js";
export { Runnable, type RunnableClass, type RunnableMethodConfig, type RunnableMethods, type RunnableReference } from "./runnable.js";
export { Runner, type AnyRunner, type RunnerConstructor, type TypedRunner } from "./runner.js";
export type { AnyRunnerMethod, CallForms, MethodFields, RunnerMethod, RunnerStreamMethod, StreamForms } from "./runner-method.js";
export type { MethodBatching, Prepare, RunnerOptions } from "./runner-options.js";
export type { MethodsOf } from "./runner-types.js";
export type { SchedulingRequest, Strategy } from "./strategy.js";
export { checkOptionNames, ownRunnerOptions, runnerOptionNames } from "./option-names.js";
