import { serveApi, type ApiOptions, type Services } from "../../../sandbox/src/api/endpoint.ts";
import { credentialsDocument, operatorCredentials, workloadCredentials } from "../../../sandbox/src/api/credentials.ts";
import { iamDefinitions } from "../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../sandbox/src/services/kms/index.ts";
import { secretsmanagerDefinitions } from "../../../sandbox/src/services/secretsmanager/index.ts";
import { ssmDefinitions } from "../../../sandbox/src/services/ssm/index.ts";
import type { ResourceDefinition } from "../../../sandbox/src/core/definition.ts";
import { text } from "../../../sandbox/src/core/values.ts";
import { REGION, Stack, testCloud, type TestCloud } from "./cloud.ts";

/** A key as the AWS SDK takes it. */
export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What an AWS SDK client is made with. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Key;
  readonly maxAttempts: number;
}

/** A cloud with an endpoint that listens, and an engine to put things into it. */
export interface ApiCloud {
  readonly cloud: TestCloud;
  readonly stack: Stack;
  readonly url: string;
  /** The operator's key: everything is allowed. */
  readonly operator: ClientConfig;
  /** Makes a role with these statements (or changes it), and gives a key of it. */
  readonly roleWith: (name: string, ...statements: object[]) => Promise<ClientConfig>;
  readonly as: (key: Key) => ClientConfig;
  /** Stops listening and closes the world, which stays on disk. */
  readonly close: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Starts such a cloud. Its clock is the real one, which the SDK signs with, moved by what passes. */
export async function apiCloud(
  services: Services,
  options: ApiOptions & {
    readonly definitions?: readonly ResourceDefinition[];
    /** The home of a cloud that has been closed. @default - a new one */
    readonly home?: string;
  } = {},
): Promise<ApiCloud> {
  let url = "";
  let passed = 0;
  const cloud: TestCloud = testCloud({
    ...(options.home === undefined ? {} : { home: options.home }),
    apiUrl: () => url,
    workloadCredentials: (roleArn) => workloadCredentials(cloud, roleArn),
    now: () => Date.now() + passed,
    pass: (milliseconds) => void (passed += milliseconds),
  });
  const stack = new Stack(cloud, [
    ...iamDefinitions,
    ...kmsDefinitions,
    ...secretsmanagerDefinitions,
    ...ssmDefinitions,
    ...(options.definitions ?? []),
  ]);
  const api = await serveApi(cloud, 0, services, options);
  url = api.url;
  const as = (credentials: Key): ClientConfig => ({ endpoint: url, region: REGION, credentials, maxAttempts: 1 });
  return {
    cloud,
    stack,
    url,
    operator: as(operatorCredentials(cloud)),
    as,
    roleWith: async (name, ...statements) => as(await keyOfRole(cloud, stack, name, statements)),
    close: async () => {
      await api.close();
      cloud.world.close();
    },
    end: async () => {
      await api.close();
      await cloud.end();
    },
  };
}

/** A policy document that allows these statements, unless they say otherwise. */
export function policyOf(...statements: object[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** Lets EC2 instances take a role on. */
export const TRUST_EC2 = policyOf({ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } });

async function keyOfRole(cloud: TestCloud, stack: Stack, name: string, statements: object[]): Promise<Key> {
  const role = await stack.create("aws:iam/role:Role", name, { name, assumeRolePolicy: TRUST_EC2 });
  if (statements.length > 0) {
    await stack.create("aws:iam/rolePolicy:RolePolicy", name, { name: "own", role: role.id, policy: policyOf(...statements) });
  }
  const { token } = cloud.workloadCredentials(text(role.outputs, "arn"));
  const document = credentialsDocument(cloud, role.id, token);
  return {
    accessKeyId: document["AccessKeyId"] ?? "",
    secretAccessKey: document["SecretAccessKey"] ?? "",
    sessionToken: document["Token"] ?? "",
  };
}
