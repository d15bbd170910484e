import type { Check } from "../check.js";
import { broken, holds } from "../contract-error.js";
import { refusalOf } from "../refusal.js";
import type { SampleModel } from "../sample-model.js";
import { methodOf, type Workshop } from "../workshop.js";

/** Options of `toRunner` and `withOptions`. */
export const optionChecks: readonly Check[] = [
  { law: "withOptions gives defaults, and toRunner's options win", run: precedence },
  { law: "toRunner refuses an option that cannot be met, naming it", needs: ["options"], run: invalidOptions },
  { law: "toRunner refuses an option that nobody knows, naming it", needs: ["unknownOptions"], run: unknownOption },
];

async function precedence(workshop: Workshop): Promise<void> {
  const [sample] = workshop.options.models as readonly [SampleModel];
  const model = await workshop.saved(sample);
  const changed = model.withOptions({ name: "by-with-options", maxLatencyMs: 1_111 });
  const first = changed.toRunner({ ...sample.runnerOptions });
  holds(first.name === "by-with-options" && methodOf(first, sample).maxLatencyMs === 1_111, "withOptions({ name, maxLatencyMs }) had no effect on toRunner(): merge its options into the runner's.");
  const second = changed.toRunner({ ...sample.runnerOptions, name: "by-to-runner", maxLatencyMs: 2_222 });
  holds(second.name === "by-to-runner" && methodOf(second, sample).maxLatencyMs === 2_222, "Options of toRunner() did not win over those of withOptions(): merge the options of toRunner last.");
  const plain = model.toRunner({ ...sample.runnerOptions });
  holds(plain.name === model.tag.name && methodOf(plain, sample).maxLatencyMs !== 1_111, "withOptions() changed the model that it was called on, or its runner is not called like the model: it must give another model.");
}

async function invalidOptions(workshop: Workshop): Promise<void> {
  const { models, invalidOptions: invalid = [] } = workshop.options;
  if (invalid.length === 0) broken('Give "invalidOptions": options of toRunner that cannot be met, or say in leftOut.options why there are none.');
  const model = await workshop.saved(models[0] as SampleModel);
  for (const { options, names } of invalid) {
    const what = `toRunner(${JSON.stringify(options)})`;
    await refusalOf(what, () => model.toRunner(options), { errorClass: "InvalidArgumentError", names });
    await refusalOf(`${what} by withOptions`, () => model.withOptions(options).toRunner(), { errorClass: "InvalidArgumentError", names });
  }
}

async function unknownOption(workshop: Workshop): Promise<void> {
  const model = await workshop.saved(workshop.options.models[0] as SampleModel);
  await refusalOf("toRunner({ noSuchOption: 1 })", () => model.toRunner({ noSuchOption: 1 } as object), { errorClass: "InvalidArgumentError", names: "noSuchOption" });
}
