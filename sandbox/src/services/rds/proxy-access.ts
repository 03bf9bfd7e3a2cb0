import { createHash } from "node:crypto";
import { authorize, callerOf } from "../../api/authorize.ts";
import { type Session, sessionOf } from "../../api/credentials.ts";
import { readClaim, verifySignature } from "../../api/sigv4.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { type Admission, LoginRefused } from "../../plane/postgres-login.ts";
import { secretsOperations } from "../secretsmanager/api.ts";
import { secretValue } from "../secretsmanager/managed.ts";
import { authsOf } from "./proxy-types.ts";

/** A token is good for so long (RDS User Guide, "IAM database authentication"). */
const TOKEN_SECONDS = 15 * 60;

/** What a proxy knows of a database user: the password, and whether clients come with tokens instead. */
interface Credentials {
  readonly password: string;
  readonly byToken: boolean;
}

/** Reads the secrets of a proxy, each time anew, as its role may. */
export class ProxyAccess {
  private readonly cloud: Cloud;
  /** What people were told of secrets that cannot be read; they are told again only when it changes. */
  private readonly told = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** What a client with this user name is asked for. Throws {@link LoginRefused} where the proxy has no secret for it that it may read. */
  admit(proxy: Resource, user: string, hosts: readonly string[]): Admission {
    const { password, byToken } = this.credentials(proxy, user);
    if (!byToken) return { by: "password", password };
    return { by: "token", isValid: (token) => this.isValidToken(proxy, user, hosts, token) };
  }

  /** The password of a database user. Throws as {@link admit} does. */
  password(proxy: Resource, user: string): string {
    return this.credentials(proxy, user).password;
  }

  private credentials(proxy: Resource, user: string): Credentials {
    for (const auth of authsOf(proxy)) {
      const secret = this.read(proxy, text(auth, "secretArn"));
      if (secret !== undefined && text(secret, "username") === user)
        return { password: text(secret, "password"), byToken: auth["iamAuth"] === "REQUIRED" };
    }
    throw new LoginRefused(
      "28000",
      `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`,
    );
  }

  /** The secret's value, read by the proxy's role through the same rules as any other caller's. */
  private read(proxy: Resource, secretArn: string): Props | undefined {
    const key = `${proxy.region}/${proxy.id}/${secretArn}`;
    try {
      const roleArn = text(proxy.inputs, "roleArn");
      const session: Session = { accessKeyId: "", secret: "", token: "", expires: 0, roleArn, sessionName: proxy.id };
      const call = {
        cloud: this.cloud,
        region: proxy.region,
        input: { SecretId: secretArn },
        caller: callerOf(this.cloud, session),
        gone: new AbortController().signal,
      };
      const demands = secretsOperations["GetSecretValue"]?.demands?.(call) ?? [];
      for (const demand of "action" in demands ? [demands] : demands) authorize(this.cloud, call.caller, demand, proxy.region);
      const value: unknown = JSON.parse(secretValue(this.cloud, secretArn));
      if (!isProps(value as Props)) throw new Error("its value is not a JSON object with username and password");
      this.told.delete(key);
      return value as Props;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.told.get(key) !== why) this.cloud.note(`RDS Proxy ${proxy.id} cannot use the secret ${secretArn}: ${why}`);
      this.told.set(key, why);
      return undefined;
    }
  }

  /** Whether a token is a request to connect as this user that somebody signed who may. */
  private isValidToken(proxy: Resource, user: string, hosts: readonly string[], token: string): boolean {
    const at = token.indexOf("/?");
    const [host, query] = [token.slice(0, at), token.slice(at + 2)];
    const asked = new URLSearchParams(query);
    if (at < 0 || !hosts.includes(host) || asked.get("Action") !== "connect" || asked.get("DBUser") !== user) return false;
    try {
      const head = { method: "GET", path: "/", query, headers: { host } };
      const claim = readClaim(head);
      const session = sessionOf(this.cloud, claim.accessKeyId);
      if (session === undefined || session.token !== claim.token || claim.service !== "rds-db") return false;
      if (claim.region !== proxy.region || claim.lifetime > TOKEN_SECONDS) return false;
      verifySignature(head, claim, session.secret, createHash("sha256").update("").digest("hex"), this.cloud.now());
      const id = text(proxy.outputs, "arn").split(":").at(-1) ?? "";
      const resource = arn("rds-db", proxy.region, this.cloud.account, `dbuser:${id}/${user}`);
      authorize(this.cloud, callerOf(this.cloud, session), { action: "rds-db:connect", resource }, proxy.region);
      return true;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      this.cloud.note(`RDS Proxy ${proxy.id} refused a token of ${user}: ${error.message}`);
      return false;
    }
  }
}
