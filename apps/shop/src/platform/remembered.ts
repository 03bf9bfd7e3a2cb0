/** An answer that many ask for: asked anew only when the last one is older than this many milliseconds. One that failed is not kept. */
export function remembered<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (answer !== undefined && now - answer.at <= milliseconds) return answer.value;
    const value = ask();
    const asked = { at: now, value };
    answer = asked;
    value.catch(() => {
      if (answer === asked) answer = undefined;
    });
    return value;
  };
}
