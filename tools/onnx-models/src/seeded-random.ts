/** A source of numbers that look random and are the same for the same seed. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform over the whole numbers 0 .. limit - 1. */
  below(limit: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
}

/**
 * The mulberry32 generator: 32 bits of state, a handful of integer
 * operations a number, so that millions of weights take a fraction of a second.
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;

  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  function below(limit: number): number {
    return Math.floor(uniform() * limit);
  }

  /** Box and Muller's transform; 1 - uniform keeps the logarithm's argument above 0. */
  function normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  }

  return { uniform, below, normal };
}
