import { CloudError } from "../../core/definition.ts";

/** Amazon EC2 User Guide, "Run commands when you launch an EC2 instance with user data input": 16 KB before it is encoded. */
const MOST_BYTES = 16 * 1024;

/** Refuses user data that are not Base64, or are too long, as EC2 does. */
export function checkBase64UserData(userData: string): void {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData) || userData.replaceAll(/\s/g, "").length % 4 !== 0) {
    throw new CloudError("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  checkSize(Buffer.from(userData, "base64").length);
}

/** Refuses plain user data that are too long. */
export function checkPlainUserData(userData: string): void {
  checkSize(Buffer.byteLength(userData));
}

function checkSize(bytes: number): void {
  if (bytes > MOST_BYTES)
    throw new CloudError("InvalidParameterValue", `User data is limited to ${MOST_BYTES} bytes; given: ${bytes}`);
}
