import { library } from "../../tsup.base.js";

export default library({ entry: { index: "src/index.ts", "child-main": "src/child/child-main.ts" } });
