import { createClient } from "@redis/client";

/** Who the sandbox is to a server. */
export interface Admin {
  readonly username?: string;
  readonly password?: string;
}

const CONNECT_MS = 2000;
const ANSWER_MS = 4000;

/** Says something to a server on 127.0.0.1, over a connection of its own. Rejects where it does not answer, or refuses. */
export async function ask<T>(
  port: number,
  admin: Admin,
  work: (say: (...words: string[]) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = createClient({
    ...admin,
    socket: { host: "127.0.0.1", port, reconnectStrategy: false, connectTimeout: CONNECT_MS },
    commandsQueueMaxLength: 100,
    disableClientInfo: true,
    disableOfflineQueue: true,
  });
  // Each failure also rejects the call that it cut off.
  client.on("error", () => undefined);
  // A server that is stopped by a signal takes connections and answers nothing; what waits for it is rejected with this.
  const late = setTimeout(() => {
    client.destroy();
  }, ANSWER_MS);
  try {
    await client.connect();
    return await work((...words) => client.sendCommand(words));
  } finally {
    clearTimeout(late);
    if (client.isOpen) client.destroy();
  }
}

/** What `INFO` says, by field. */
export async function infoOf(port: number, admin: Admin): Promise<ReadonlyMap<string, string>> {
  const answer = await ask(port, admin, (say) => say("INFO"));
  const lines = String(answer)
    .split("\r\n")
    .filter((line) => line.includes(":"));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}
