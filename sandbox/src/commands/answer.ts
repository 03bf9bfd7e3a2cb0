import { setTimeout as pause } from "node:timers/promises";

/** Asks a URL until it answers with something other than a server error; false when it has not within the time. */
export async function waitForAnswer(
  url: string,
  seconds: number,
  ask: (url: string) => Promise<number> = status,
): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    if ((await ask(url)) < 500) return true;
    if (Date.now() >= until) return false;
    await pause(100);
  }
}

/** The status of one request; 599 when there is no answer at all. */
async function status(url: string): Promise<number> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 599;
  }
}
