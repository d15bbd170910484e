/** Why a call was turned away without being run. */
export type RefusalReason = "full" | "deadline" | "overload" | "late" | "closing" | "failed";

/** How a call ended. It is made an error once, here at the edge, never on the way. */
export type Outcome<Result> =
  | { readonly kind: "answered"; readonly result: Result }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly error: Error }
  | { readonly kind: "aborted"; readonly reason: unknown };
