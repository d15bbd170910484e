/** A type that is recognised by looks, so that no library loads in the caller just to compare classes. */
export interface LazyType {
  /** npm package that has the type. */
  readonly module: string;
  /** What the package calls it; for messages, and so that it is registered once. */
  readonly name: string;
  /** Whether a value is of the type. */
  is(value: unknown): boolean;
}

/** A class, whatever its constructor takes, or a lazy type. */
export type ContainerType = (abstract new (...constructorArguments: never[]) => object) | LazyType;
