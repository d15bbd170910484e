import { BentoMLError } from "../errors/index.js";

const CODES: readonly string[] = ["EACCES", "EPERM", "EROFS"];

/** True when the system refused a change for want of permission, or because the disk is read-only. */
export function isNotWritable(error: unknown): boolean {
  return CODES.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** The error for a folder of a store that cannot be changed. Its code is `STORE_NOT_WRITABLE`. */
export function notWritable(folder: string, cause: unknown): BentoMLError {
  return new BentoMLError(
    `The folder ${folder} of the model store cannot be written to: ${(cause as Error).message}. Models in it can be read; ` +
      "to change or save some, mend the permissions or choose another store with BENTOML_HOME.",
    { code: "STORE_NOT_WRITABLE", cause },
  );
}
