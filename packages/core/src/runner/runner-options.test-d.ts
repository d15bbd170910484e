import { expectTypeOf } from "vitest";
import type { BatchingStrategy } from "../configuration/index.js";
import type { MethodBatching, RunnerOptions } from "./runner-options.js";

expectTypeOf<RunnerOptions["batchingStrategy"]>().toEqualTypeOf<"adaptive" | "fixed" | "off" | undefined>();
expectTypeOf<BatchingStrategy>().toEqualTypeOf<"adaptive" | "fixed" | "off">();
expectTypeOf<Pick<RunnerOptions, keyof MethodBatching>>().toEqualTypeOf<MethodBatching>();

expectTypeOf({ batchingStrategy: "fixed", maxQueueDelayMs: 5, methodConfigs: { embed: { batchingStrategy: "off" } }, maxQueueBytes: 1e9 } as const).toExtend<RunnerOptions>();

// @ts-expect-error there is no such strategy
({ batchingStrategy: "fast" }) satisfies RunnerOptions;
// @ts-expect-error nor for one method
({ methodConfigs: { embed: { batchingStrategy: false } } }) satisfies RunnerOptions;
// @ts-expect-error the bounds of the queue are the runner's
({ methodConfigs: { embed: { maxQueueBytes: 1 } } }) satisfies RunnerOptions;
