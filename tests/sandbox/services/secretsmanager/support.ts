import { GetSecretValueCommand, type GetSecretValueCommandInput, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { secretsOperations } from "../../../../sandbox/src/services/secretsmanager/api.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";

export const type = {
  secret: "aws:secretsmanager/secret:Secret",
  version: "aws:secretsmanager/secretVersion:SecretVersion",
  policy: "aws:secretsmanager/secretPolicy:SecretPolicy",
} as const;

/** A cloud that serves Secrets Manager, and the operator's client of it. */
export class SecretsFixture {
  readonly api: ApiCloud;
  readonly client: SecretsManagerClient;
  #days = 0;

  constructor(api: ApiCloud) {
    this.api = api;
    this.client = new SecretsManagerClient(api.operator);
  }

  static async start(): Promise<SecretsFixture> {
    return new SecretsFixture(await apiCloud({ json: { secretsmanager: secretsOperations }, query: {}, rest: {} }));
  }

  secret(inputs: Props = {}, name = "main"): Promise<Resource> {
    return this.api.stack.create(type.secret, name, { name: "shop/app", ...inputs });
  }

  version(secretString: string, inputs: Props = {}, name = "main"): Promise<Resource> {
    return this.api.stack.create(type.version, name, { secretId: "shop/app", secretString, ...inputs });
  }

  /** The value that a reader gets. */
  async read(input: Partial<GetSecretValueCommandInput> = {}): Promise<string | undefined> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: "shop/app", ...input }));
    return SecretString;
  }

  /** Moves the cloud's clock, and the client's with it. */
  pass(days: number): void {
    const milliseconds = days * 24 * 60 * 60 * 1000;
    this.#days += days;
    this.api.cloud.pass(milliseconds);
    this.client.config.systemClockOffset = this.#days * 24 * 60 * 60 * 1000;
  }

  end(): Promise<void> {
    this.client.destroy();
    return this.api.end();
  }
}
