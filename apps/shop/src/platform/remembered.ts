/** An answer that many ask for: asked anew only when the last answer is older than this many milliseconds. One that failed is remembered as well. */
export function remembered<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (answer === undefined || now - answer.at > milliseconds) answer = { at: now, value: ask() };
    return answer.value;
  };
}
