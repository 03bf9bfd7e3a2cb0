import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { useOfKey } from "../kms/use.ts";
import { findDeleted, markedForDeletion, secretRecovery } from "./deleted.ts";
import { listSecrets } from "./list.ts";
import { policyOfSecret, policyTextOf } from "./policy.ts";
import { moveStage, putVersion, requireSecret, requireUnmanaged, requireVersion, versionsOf } from "./store.ts";

/** Secrets Manager, for reading and rotating values; secrets themselves come and go through the engine. */
export const secretsOperations: Operations = {
  GetSecretValue: {
    demands: (call) => [onSecret(call, "GetSecretValue"), ...onItsKey(call, "Decrypt")],
    run: getSecretValue,
  },
  PutSecretValue: {
    demands: (call) => [onSecret(call, "PutSecretValue"), ...onItsKey(call, "GenerateDataKey"), ...onItsKey(call, "Decrypt")],
    run: putSecretValue,
  },
  DescribeSecret: { demands: (call) => onSecret(call, "DescribeSecret"), run: describeSecret },
  GetResourcePolicy: { demands: (call) => onSecret(call, "GetResourcePolicy"), run: getResourcePolicy },
  ListSecretVersionIds: { demands: (call) => onSecret(call, "ListSecretVersionIds"), run: listSecretVersionIds },
  ListSecrets: {
    demands: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),
    run: (call) => listSecrets(call, (row) => described(call, row)),
  },
  RestoreSecret: { demands: (call) => onSecret(call, "RestoreSecret"), run: restoreSecret },
  RotateSecret: { demands: (call) => onSecret(call, "RotateSecret"), run: refuseRotation },
  UpdateSecretVersionStage: { demands: (call) => onSecret(call, "UpdateSecretVersionStage"), run: updateSecretVersionStage },
};

function onSecret(call: ApiCall, action: string): Demand {
  const name = text(call.input, "SecretId");
  const secret = find(call);
  // A name that is not there is asked about as AWS does: the ARN it would have.
  const unknown = name.startsWith("arn:")
    ? name
    : arn("secretsmanager", call.region, call.cloud.account, `secret:${name}-??????`);
  const resource = secret?.id ?? findDeleted(call.cloud, name, call.region)?.id ?? unknown;
  const stage = text(call.input, "VersionStage");
  return {
    action: `secretsmanager:${action}`,
    resource,
    policy: secret === undefined ? [] : policyOfSecret(call.cloud, secret.id),
    context: { "secretsmanager:SecretId": resource, ...(stage === "" ? {} : { "secretsmanager:VersionStage": stage }) },
  };
}

/** Secrets Manager uses a customer's key in the name of whoever calls. */
function onItsKey(call: ApiCall, action: "Decrypt" | "GenerateDataKey"): Demand[] {
  const secret = find(call);
  if (secret === undefined) return [];
  try {
    const encryptionContext = { SecretARN: secret.id };
    const key = text(secret.outputs, "kmsKeyId");
    return useOfKey(call.cloud, { key, action, service: "secretsmanager", region: call.region, encryptionContext });
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const [code, verb] = action === "Decrypt" ? ["DecryptionFailure", "decrypt"] : ["EncryptionFailure", "encrypt"];
    const message = `Secrets Manager can't ${verb} the protected secret text using the provided KMS key: ${error.message}`;
    throw new CloudError(code, message);
  }
}

function find(call: ApiCall): Resource | undefined {
  try {
    return requireSecret(call.cloud, text(call.input, "SecretId"), call.region);
  } catch (error) {
    if (error instanceof CloudError) return undefined;
    throw error;
  }
}

function secretOf(call: ApiCall): Resource {
  const name = text(call.input, "SecretId");
  if (name === "") {
    const reason = "Value at 'secretId' failed to satisfy constraint: Member must not be null";
    throw new CloudError("ValidationException", `1 validation error detected: ${reason}`);
  }
  const secret = find(call);
  if (secret === undefined && findDeleted(call.cloud, name, call.region) !== undefined) throw markedForDeletion();
  return secret ?? requireSecret(call.cloud, name, call.region);
}

function getSecretValue(call: ApiCall): Props {
  const secret = secretOf(call);
  const id = text(call.input, "VersionId");
  const stage = text(call.input, "VersionStage");
  const wanted = { ...(id === "" ? {} : { id }), ...(stage === "" ? {} : { stage }) };
  const version = requireVersion(call.cloud, secret.id, wanted);
  return {
    ...named(secret),
    VersionId: version.id,
    ...(version.string === undefined ? {} : { SecretString: version.string }),
    ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
    VersionStages: version.stages,
    CreatedDate: version.created / 1000,
  };
}

function putSecretValue(call: ApiCall): Props {
  const secret = secretOf(call);
  requireUnmanaged(secret);
  const string = call.input["SecretString"];
  const binary = call.input["SecretBinary"];
  if ((typeof string === "string") === (typeof binary === "string")) {
    throw new CloudError("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
  }
  const value = typeof string === "string" ? { string } : { binary: binary as string };
  const id = text(call.input, "ClientRequestToken");
  const stages = texts(call.input, "VersionStages");
  const options = { ...(id === "" ? {} : { id }), ...(stages.length === 0 ? {} : { stages }) };
  const version = call.cloud.world.change(() => putVersion(call.cloud, secret.id, value, options));
  return { ...named(secret), VersionId: version.id, VersionStages: version.stages };
}

function describeSecret(call: ApiCall): Props {
  const deleted = find(call) === undefined ? findDeleted(call.cloud, text(call.input, "SecretId"), call.region) : undefined;
  if (deleted === undefined) return described(call, secretOf(call));
  return { ...named(deleted), DeletedDate: deleted.since / 1000 };
}

function getResourcePolicy(call: ApiCall): Props {
  const secret = secretOf(call);
  const document = policyTextOf(call.cloud, secret.id);
  return { ...named(secret), ...(document === "" ? {} : { ResourcePolicy: document }) };
}

function listSecretVersionIds(call: ApiCall): Props {
  const secret = secretOf(call);
  const all = call.input["IncludeDeprecated"] === true;
  const versions = versionsOf(call.cloud, secret.id).filter(({ stages }) => all || stages.length > 0);
  return {
    ...named(secret),
    Versions: versions.map(({ id, stages, created }) => ({ VersionId: id, VersionStages: stages, CreatedDate: created / 1000 })),
  };
}

function restoreSecret(call: ApiCall): Props {
  const deleted = findDeleted(call.cloud, text(call.input, "SecretId"), call.region);
  return named(deleted === undefined ? secretOf(call) : secretRecovery.restore(call.cloud, deleted));
}

function updateSecretVersionStage(call: ApiCall): Props {
  const secret = secretOf(call);
  requireUnmanaged(secret);
  const stage = text(call.input, "VersionStage");
  const to = text(call.input, "MoveToVersionId");
  const from = text(call.input, "RemoveFromVersionId");
  const holder = versionsOf(call.cloud, secret.id).find(({ stages }) => stages.includes(stage));
  if (to !== "") requireVersion(call.cloud, secret.id, { id: to });
  if (to === "" && stage === "AWSCURRENT") {
    const message = "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.";
    throw new CloudError("InvalidParameterException", message);
  }
  if ((holder?.id ?? "") !== from && holder?.id !== to) {
    const message = `The parameter RemoveFromVersionId can't be ${from === "" ? "empty" : from}. Staging label ${stage} is currently attached to version ${holder?.id ?? "none"}.`;
    throw new CloudError("InvalidParameterException", message);
  }
  call.cloud.world.change(() => moveStage(call.cloud, secret.id, stage, to === "" ? undefined : to));
  return named(secret);
}

function refuseRotation(call: ApiCall): Props {
  const owner = text(secretOf(call).outputs, "owningService");
  const reason =
    owner === ""
      ? "rotation runs a Lambda function, and the sandbox runs none. Use PutSecretValue."
      : `it is managed by ${owner}; change it there (for a database: rotateMasterUserPassword).`;
  throw new CloudError("InvalidRequestException", `The sandbox can't rotate this secret: ${reason}`);
}

function described(call: ApiCall, secret: Resource): Props {
  const { outputs } = secret;
  const optional = {
    Description: text(outputs, "description"),
    KmsKeyId: text(outputs, "kmsKeyId"),
    OwningService: text(outputs, "owningService"),
  };
  return {
    ...named(secret),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
    RotationEnabled: optional.OwningService !== "",
    VersionIdsToStages: Object.fromEntries(versionsOf(call.cloud, secret.id).map((version) => [version.id, version.stages])),
  };
}

function named(secret: Pick<Resource, "id" | "outputs">): { ARN: string; Name: string } {
  return { ARN: secret.id, Name: text(secret.outputs, "name") };
}
