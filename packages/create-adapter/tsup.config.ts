import { library } from "../../tsup.base.js";

export default library({ entry: ["src/bin.ts"], sourcemap: false });
