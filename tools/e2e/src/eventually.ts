/** Asks until the answer is there; the test's own time-out ends it. Between two questions other work goes on. */
export async function eventually<Answer>(ask: () => Answer | undefined | false | Promise<Answer | undefined | false>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
