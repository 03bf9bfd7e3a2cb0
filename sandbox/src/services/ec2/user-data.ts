import type { Cloud } from "../../core/cloud.ts";
import { UserDataError } from "../../plane/cloud-init-error.ts";
import { planServer } from "../../plane/workload-server.ts";
import type { Limit } from "../limits.ts";

/** Amazon EC2 User Guide, "Run commands when you launch an EC2 instance with user data input": 16 KB before it is encoded. */
const MOST_BYTES = 16 * 1024;

/** Base64 and not too long, as EC2 asks. */
export const base64UserData: Limit = (value) => {
  const text = typeof value === "string" ? value.replaceAll(/\s/g, "") : "";
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return "Invalid BASE64 encoding of user data";
  return sizeFault(Buffer.from(text, "base64").length);
};

/** Not too long, as EC2 asks. */
export const plainUserData: Limit = (value) => (typeof value === "string" ? sizeFault(Buffer.byteLength(value)) : undefined);

/** Why the sandbox can't run a server with these user data, plain or Base64; undefined if it can. */
export function playFault(cloud: Pick<Cloud, "project">, userData: string): string | undefined {
  try {
    planServer(cloud.project, userData);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserDataError)) throw error;
    const [first = "", ...more] = error.faults;
    const faults = more.length === 0 ? ` ${first}` : error.faults.map((fault) => `\n  - ${fault}`).join("");
    return `the sandbox cannot run this server's user data:${faults}`;
  }
}

function sizeFault(bytes: number): string | undefined {
  return bytes > MOST_BYTES ? `User data is limited to ${MOST_BYTES} bytes; given: ${bytes}` : undefined;
}
