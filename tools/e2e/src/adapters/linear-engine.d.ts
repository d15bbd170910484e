/** The engine of the reference adapter, which stands for a native one. `build-adapters.ts` writes it. */
declare module "linear-engine" {
  /** `into[i] += factor * values[i]` */
  export function addScaled(into: Float32Array, values: Float32Array, factor: number): void;
}
