import { defineAdapter } from "bentoml-core";
import { definition, type LinearAdapter } from "../reference/index.js";

const { layouts: _layouts, ...others } = definition;

export const adapter: LinearAdapter = defineAdapter(others);
