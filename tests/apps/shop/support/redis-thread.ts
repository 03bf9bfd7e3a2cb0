/** The thread of a {@link RedisServer}: what answers slowly there is not what a test does meanwhile. */
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { parentPort, workerData } from "node:worker_threads";
import { createRedisServer } from "js-redis-server";

const { cert, key, password } = workerData as { cert: string; key: string; password: string };
const redis = await createRedisServer({ port: 0 });
// The server has the option, but takes it only where its parts are put together by hand.
Object.assign(redis.state, { requirepass: password });

const sockets = new Set<Socket>();
let held: (() => void)[] | undefined;
let port = 0;
const door = createServer({ cert, key }, (client) => {
  const server = connect(redis.port, "127.0.0.1");
  for (const socket of [client, server]) {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  }
  client.on("data", (data) => server.write(data)).on("close", () => server.destroy());
  server
    .on("close", () => client.destroy())
    .on("data", (data) => {
      if (held === undefined) client.write(data);
      else held.push(() => client.write(data));
    });
});
door.on("tlsClientError", () => undefined);

const commands: Record<string, () => Promise<void> | void> = {
  async open() {
    door.listen(port, "127.0.0.1");
    await once(door, "listening");
    port = (door.address() as AddressInfo).port;
  },
  async cut() {
    const closed = once(door, "close");
    door.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  },
  hold: () => void (held ??= []),
  release() {
    for (const send of held ?? []) send();
    held = undefined;
  },
};
parentPort?.on("message", (command: string) => {
  void Promise.resolve(commands[command]?.()).then(() => parentPort?.postMessage(port));
});
