/** Calls a second, of callers who make their next call when they have their answer. */
export async function callsPerSecond(callers: readonly (() => Promise<unknown>)[], seconds: number): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let answered = 0;
  const loop = async (call: () => Promise<unknown>): Promise<void> => {
    while (performance.now() < end) {
      await call();
      answered++;
    }
  };
  await Promise.all(callers.map(loop));
  return answered / ((performance.now() - begun) / 1000);
}
