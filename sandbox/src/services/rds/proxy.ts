import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text, type Value } from "../../core/values.ts";
import { ROLE } from "../iam/roles.ts";
import { arnOf, between, type Limit, oneOf } from "../limits.ts";
import { SECRET } from "../secretsmanager/store.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { proxiesOf } from "./proxies.ts";
import { authsOf, PROXY, proxyHost, proxyId, proxyName, proxyNetwork, proxyNetworkReferences } from "./proxy-types.ts";

/** Proxies of an account in a region (RDS User Guide, "Quotas and limitations for RDS Proxy"). */
const MOST_PROXIES = 20;

function notServed(what: string, ...fine: Value[]): Limit {
  return (value) => (fine.includes(value) ? undefined : `the sandbox has no ${what}`);
}

/**
 * RDS Proxy: a pooler that speaks PostgreSQL's protocol. Clients log in with the user name and the password of a secret, or with an IAM token; the proxy reads the
 * secret with its own role each time, so a password that is rotated holds at once. Connections are shared between transactions.
 */
export const proxy: ResourceDefinition = {
  type: PROXY,
  replaceOn: ["engineFamily", "vpcSubnetIds"],
  autoName: { property: "name", maxLength: 60, lowercase: true },
  defaults: { debugLogging: false, idleClientTimeout: 1800, requireTls: false },
  limits: {
    name: proxyName("name"),
    engineFamily: oneOf("POSTGRESQL"),
    idleClientTimeout: between(1, 28_800),
    roleArn: arnOf("iam"),
    endpointNetworkType: oneOf("IPV4"),
    targetConnectionNetworkType: oneOf("IPV4"),
    defaultAuthScheme: notServed(
      "end-to-end IAM authentication (defaultAuthScheme IAM_AUTH); give auths with secrets",
      "NONE",
      "",
    ),
    "auths[].authScheme": oneOf("SECRETS"),
    "auths[].iamAuth": oneOf("DISABLED", "REQUIRED"),
    "auths[].secretArn": arnOf("secretsmanager"),
    "auths[].clientPasswordAuthType": notServed("MD5 passwords; leave out clientPasswordAuthType", "POSTGRES_SCRAM_SHA_256", ""),
  },
  references: [
    ...proxyNetworkReferences,
    {
      path: "roleArn",
      to: ROLE,
      by: ["arn"],
      missing: (role) => invalidValue(`IAM role ARN value is invalid or does not include the required permissions for: ${role}`),
    },
    {
      path: "auths[].secretArn",
      to: SECRET,
      by: ["id", "arn"],
      missing: (secret) => invalidValue(`The secret ${secret} was not found.`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const id = text(inputs, "name");
    const others = cloud.world.all(PROXY).filter((row) => row.region === region);
    if (others.some((row) => row.id === id))
      throw new CloudError(
        "DBProxyAlreadyExistsFault",
        "The specified proxy name must be unique for all proxies owned by your Amazon Web Services account in the specified Amazon Web Services Region.",
      );
    if (others.length >= MOST_PROXIES)
      throw new CloudError(
        "DBProxyQuotaExceededFault",
        "Your Amazon Web Services account already has the maximum number of proxies in the specified Amazon Web Services Region.",
      );
    return {
      id,
      outputs: {
        ...settings(operation),
        arn: arn("rds", region, cloud.account, `db-proxy:${proxyId("prx")}`),
        endpoint: `${id}.${proxyHost(cloud, region)}`,
      },
    };
  },
  update: (operation, before) => {
    if (operation.inputs["name"] !== before.inputs["name"])
      throw new CloudError(
        "UnsupportedOperation",
        "The sandbox cannot rename a proxy; its endpoint would change. Give the resource another logical name.",
      );
    return settings(operation);
  },
  run: async (cloud, row) => {
    await proxiesOf(cloud).run(row);
    return undefined;
  },
  halt: (cloud, row) => proxiesOf(cloud).close(row),
};

function settings(operation: Operation): Props {
  const { inputs } = operation;
  const auths = authsOf({ inputs });
  if (auths.length === 0)
    throw invalidCombination(
      "auths must be given when defaultAuthScheme is NONE: a proxy needs a secret for each database user.",
    );
  return {
    ...proxyNetwork(operation),
    auths: auths.map((auth) => ({
      ...auth,
      authScheme: text(auth, "authScheme") || "SECRETS",
      clientPasswordAuthType: text(auth, "clientPasswordAuthType") || "POSTGRES_SCRAM_SHA_256",
      iamAuth: text(auth, "iamAuth") || "DISABLED",
    })),
    defaultAuthScheme: text(inputs, "defaultAuthScheme") || "NONE",
    endpointNetworkType: "IPV4",
    targetConnectionNetworkType: "IPV4",
  };
}
