import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers GetSecretValue as Secrets Manager does (AWS JSON 1.1). */
export class SecretsManager {
  readonly secrets = new Map<string, string>();
  /** The ARNs that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      assert.equal(request.headers["x-amz-target"], "secretsmanager.GetSecretValue");
      assert.match(request.headers.authorization ?? "", /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
      const { SecretId: arn } = JSON.parse(body) as { SecretId: string };
      this.asked.push(arn);
      const text = this.secrets.get(arn);
      const missing = { __type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." };
      response.writeHead(text === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(text === undefined ? missing : { ARN: arn, SecretString: text }));
    });
  });

  /** Opens it and gives the environment in which the AWS SDK finds it. */
  async open(): Promise<Record<string, string>> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return {
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example-key",
    };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
