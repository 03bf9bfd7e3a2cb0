import type { Log } from "./log.ts";

/** Reads secret strings from Secrets Manager, and keeps them out of the log. */
export interface Secrets {
  /** The secret's string as it is now. @throws Error naming the ARN. */
  read(arn: string): Promise<string>;
}

/** The client of a region. The SDK is loaded when the first secret is read: who needs none does not wait for it. */
export function createSecrets(region: string, log: Log): Secrets {
  const client = once(async () => {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    return new SecretsManagerClient({
      region,
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    });
  });
  return {
    async read(arn) {
      const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      try {
        const { SecretString: text } = await (await client()).send(new GetSecretValueCommand({ SecretId: arn }));
        if (text === undefined || text === "") throw new Error("it has no string");
        log.conceal(text);
        return text;
      } catch (error) {
        throw new Error(`reading the secret ${arn} failed: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
