import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { Tags } from "../shared/tags.ts";

/** What the caller decides about {@link Secrets}. */
export interface SecretsArgs {
  /** ARN of the KMS key that encrypts the secret. */
  readonly keyArn: pulumi.Input<string>;
  /** Whether the secret refuses to be deleted, and can be brought back for 30 days when it is deleted all the same. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * The product's own secret: 48 random characters that sign its sessions and tokens.
 *
 * The database's password is not here; Aurora makes and rotates it itself.
 *
 * **Cost**: 0.40 USD a month, and 0.05 USD for 10,000 reads.
 */
export class Secrets extends pulumi.ComponentResource {
  /** Changes never; the value behind it may. */
  readonly appSecretArn: pulumi.Output<string>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, protect = true, tags } = args;
    super("platform:security:Secrets", name, {}, opts);

    const password = new RandomPassword(`${name}-app-value`, { length: 48, special: false }, { parent: this, protect });
    const secret = new Secret(
      `${name}-app`,
      {
        description: "Signs the product's sessions and tokens",
        kmsKeyId: keyArn,
        recoveryWindowInDays: protect ? 30 : 0,
        tags,
      },
      { parent: this, protect },
    );
    new SecretVersion(`${name}-app-version`, { secretId: secret.id, secretString: password.result }, { parent: this });

    this.appSecretArn = secret.arn;
    this.registerOutputs({ appSecretArn: this.appSecretArn });
  }
}
