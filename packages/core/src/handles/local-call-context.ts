/** `CallContext` of a call in this thread. The signal of a call that nobody can abort is made only when the method asks for it. */
export class LocalCallContext {
  readonly requestIds: readonly string[];
  readonly deadline: number | undefined;
  #controller: AbortController | undefined;

  constructor(requestId: string | undefined, deadline: number | undefined, controller?: AbortController) {
    this.requestIds = requestId === undefined ? [] : [requestId];
    this.deadline = deadline;
    this.#controller = controller;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }
}
