const NOBODY = 65_534;

/**
 * Runs `work` as a user whom file permissions hold back. Tests often run as root, whom they do not: then the process takes
 * the rights of nobody meanwhile. What `work` imports must have been imported before, because that user may not read it.
 */
export async function asUnprivileged<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
