import { resolveAdapter } from "bentoml-core";
import { realpathSync } from "node:fs";
import { pythonModulesOf } from "../adapter-package.js";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import type { SampleModel } from "../sample-model.js";
import type { Workshop } from "../workshop.js";

/** What the package's package.json promises. */
export const packageChecks: readonly Check[] = [
  { law: "package.json declares the adapter, and the module of what it saves", run: declaration },
  { law: "bentoml-core is a peer dependency, so that there is one copy of it", run: coreIsPeer },
  { law: "resolveAdapter finds the installed package by what a model.yaml says", run: resolution },
  { law: "get opens the models of every module that package.json declares", run: declaredModules },
];

async function declaration(workshop: Workshop): Promise<void> {
  const { adapter, adapterPackage } = workshop;
  const { name, manifest } = adapterPackage;
  const declared = manifest.bentoml;
  holds(declared !== undefined, `The package.json of ${name} declares no adapter: add "bentoml": { "adapter": "v1", "pythonModules": [] }.`);
  holds(declared.adapter === adapter.apiVersion, `package.json says "adapter": ${JSON.stringify(declared.adapter)}, but the adapter's apiVersion is "${adapter.apiVersion}": write the same.`);
  holds(Array.isArray(declared.pythonModules), `"pythonModules" in package.json is ${JSON.stringify(declared.pythonModules)}: it must be a list, empty if the adapter opens no models of Python.`);
  holds(adapter.name === name, `The adapter calls itself "${adapter.name}", but its package is "${name}": the name in defineAdapter must be the package's.`);
  const { module } = (await workshop.saved(workshop.options.models[0] as SampleModel)).info;
  holds(
    module === name || pythonModulesOf(adapterPackage).includes(module),
    `Models are saved with module "${module}", which is neither the package's name nor in "pythonModules": package.json does not declare it, so no command opens these models.`,
  );
}

async function coreIsPeer({ adapterPackage: { name, manifest } }: Workshop): Promise<void> {
  const isPeer = manifest.peerDependencies?.["bentoml-core"] !== undefined;
  holds(isPeer, `${name} does not list bentoml-core in "peerDependencies": a second copy of core would have a registry of containers of its own.`);
  holds(manifest.dependencies?.["bentoml-core"] === undefined, `${name} lists bentoml-core in "dependencies" too: leave it in "peerDependencies" only.`);
}

async function resolution(workshop: Workshop): Promise<void> {
  const { adapterPackage, options } = workshop;
  const { info } = await workshop.saved(options.models[0] as SampleModel);
  const saved = { module: info.module, adapter: info.adapter };
  const fromPython = pythonModulesOf(adapterPackage).map((module) => ({ module, adapter: undefined }));
  const projectFolder = workshop.project();
  for (const clue of [saved, ...fromPython]) {
    try {
      const { packageFolder } = resolveAdapter({ name: "sample", version: "1", ...clue }, { projectFolder });
      holds(packageFolder === realpathSync(adapterPackage.folder), `A model of module "${clue.module}" is opened by the package in ${packageFolder} instead.`);
    } catch (error) {
      broken(`resolveAdapter does not find ${adapterPackage.name} for a model of module "${clue.module}". It threw ${shown(error)}`, error);
    }
  }
}

async function declaredModules({ adapter, adapterPackage, store }: Workshop): Promise<void> {
  for (const [index, module] of pythonModulesOf(adapterPackage).entries()) {
    const name = `from-python-${index}`;
    await store.create({ name, module, adapter: undefined }, async () => ({
      signatures: {},
      frameworkName: "none",
      frameworkVersions: {},
      apiVersion: "v1",
    }));
    try {
      adapter.get(name, { store });
    } catch (error) {
      broken(`package.json declares the Python module "${module}", but get refuses a model of it: give the same "pythonModules" to defineAdapter. It threw ${shown(error)}`, error);
    }
  }
}
