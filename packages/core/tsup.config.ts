import { library } from "../../tsup.base.js";

export default library({ entry: { index: "src/index.ts", "thread-main": "src/workers/entry/thread-main.ts", "process-main": "src/workers/entry/process-main.ts" } });
