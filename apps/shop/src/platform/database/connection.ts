import type pg from "pg";
import { z } from "zod";
import type { DatabaseAddress } from "../config.ts";
import type { Secrets } from "../secrets.ts";

/** Gives what `pg` needs to connect; asked again when the server refused what it gave. */
export type Connection = () => Promise<pg.ClientConfig>;

const credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** How the database at this address is reached. `secrets` may be undefined for a URL. */
export function connectionTo(
  address: DatabaseAddress,
  secrets: Secrets | undefined,
  conceal: (secret: string) => void,
): Connection {
  if (address.kind === "url") {
    const { password } = new URL(address.url);
    conceal(decodeURIComponent(password));
    return () => Promise.resolve({ connectionString: address.url });
  }
  if (secrets === undefined) throw new Error("an endpoint needs a reader of secrets");
  const { host, port, name, ca, secretArn } = address;
  return async () => {
    const { username, password } = parse(await secrets.read(secretArn), secretArn);
    conceal(password);
    return {
      host,
      port,
      database: name,
      user: username,
      password,
      // Chain and name are checked, as sslmode=verify-full does; without `ca` Node trusts the system and NODE_EXTRA_CA_CERTS.
      ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2", ...(ca !== undefined && { ca }) },
    };
  };
}

function parse(text: string, arn: string): z.infer<typeof credentials> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is the secret.
  }
  const parsed = credentials.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`the secret ${arn} must be JSON with the strings "username" and "password"`);
}
