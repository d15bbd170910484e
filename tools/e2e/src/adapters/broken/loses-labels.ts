import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = { ...reference, saveModel: (name, native, { labels: _labels, ...others } = {}) => reference.saveModel(name, native, others) };
