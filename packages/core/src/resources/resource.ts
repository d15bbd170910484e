/**
 * A kind of resource. The user's own kinds have the same members: `registerResource({ resourceId: "example.com/npu", … })`.
 */
export interface Resource<Value = unknown> {
  /** Its key in `resources`. */
  readonly resourceId: string;
  /** Reads what stands in a configuration. The word "system" never comes here. Throws for what it cannot read. */
  fromSpec(spec: unknown): Value;
  /** What this machine has. */
  fromSystem(): Value;
  /** Throws for a value that this machine cannot give. */
  validate(value: Value): void;
}

/** Wanted amounts by kind; undefined wants everything that the machine has. */
export type ResourceRequest = Readonly<Record<string, unknown>>;
