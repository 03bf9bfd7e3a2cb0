import { readFileSync } from "node:fs";
import { createRedisServer } from "js-redis-server";

// A server in Redis's protocol without a binary: node embedded-server.ts <port> <file with its password>. SIGHUP makes it read the password again.
const [port = "", passwordFile = ""] = process.argv.slice(2);

const server = await createRedisServer({ port: Number(port) });
if (server.host !== "127.0.0.1") throw new Error(`js-redis-server listens on ${server.host}, not on 127.0.0.1 alone`);

// The server has the option, but takes it only where its parts are put together by hand.
const readPassword = (): void =>
  void Object.assign(server.state, { requirepass: readFileSync(passwordFile, "utf8") || undefined });
readPassword();
process.on("SIGHUP", readPassword);
process.on("SIGTERM", () => process.exit(0));
