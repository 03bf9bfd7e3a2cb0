import { CloudError, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text, texts } from "../../core/values.ts";
import { given, type Limit } from "../limits.ts";
import { LARGEST_VALUE, moveStage, putVersion, requireSecret, requireUnmanaged, SECRET, versionsOf } from "./store.ts";

export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const VALUES = ["secretString", "secretBinary", "secretStringWo"];

// These reasons must not show the value, as the shared limits do.
const oneValue: Limit = (_secretId, inputs) => {
  const found = given(inputs, VALUES);
  return found.length > 1 ? `only one of ${VALUES.join(", ")} can be given, not ${found.join(" and ")}` : undefined;
};
const tooLong = (bytes: number): string | undefined =>
  bytes > LARGEST_VALUE ? `the value is longer than ${LARGEST_VALUE} bytes` : undefined;
const fits: Limit = (value) => tooLong(typeof value === "string" ? Buffer.byteLength(value) : 0);
const base64: Limit = (value) =>
  typeof value === "string" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
    ? tooLong(Buffer.byteLength(value, "base64"))
    : "the value is not base64";

/** A value of a secret. */
export const secretVersion: ResourceDefinition = {
  type: SECRET_VERSION,
  // `secretStringWoVersion` came after the facts that the others were taken from (aws_secretsmanager_secret_version: ForceNew).
  replaceOn: ["secretBinary", "secretId", "secretString", "secretStringWoVersion"],
  limits: {
    secretId: oneValue,
    secretString: fits,
    secretStringWo: (value, inputs) =>
      given(inputs, ["secretStringWoVersion"]).length === 0 ? "secretStringWoVersion must be given with it" : fits(value, inputs),
    secretBinary: base64,
  },
  references: [
    {
      path: "secretId",
      to: SECRET,
      by: ["id", "name"],
      missing: () => new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    },
  ],
  create: ({ cloud, inputs, region }) => {
    const secret = requireSecret(cloud, text(inputs, "secretId"), region);
    requireUnmanaged(secret);
    const stages = texts(inputs, "versionStages");
    const version = putVersion(cloud, secret.id, valueOf(inputs), stages.length === 0 ? {} : { stages });
    return {
      id: `${text(inputs, "secretId")}|${version.id}`,
      outputs: {
        arn: secret.id,
        secretArn: secret.id,
        versionId: version.id,
        versionStages: version.stages,
        hasSecretStringWo: text(inputs, "secretStringWo") !== "",
      },
    };
  },
  update: ({ cloud, inputs }, before) => {
    const arn = text(before.outputs, "arn");
    const id = text(before.outputs, "versionId");
    const had = stagesOf(versionsOf(cloud, arn), id);
    const wanted = inputs["versionStages"] === undefined ? had : texts(inputs, "versionStages");
    for (const stage of wanted.filter((label) => !had.includes(label))) moveStage(cloud, arn, stage, id);
    for (const stage of had.filter((label) => !wanted.includes(label) && label !== "AWSCURRENT")) {
      moveStage(cloud, arn, stage, undefined);
    }
    return { versionStages: stagesOf(versionsOf(cloud, arn), id) };
  },
  // AWSCURRENT stays where it is, as the service wants it: the value goes with its secret, or when another takes the label.
  remove: (cloud, row) => {
    const labels = texts(row.outputs, "versionStages").filter((label) => label !== "AWSCURRENT");
    const arn = text(row.outputs, "arn");
    const own = stagesOf(versionsOf(cloud, arn), text(row.outputs, "versionId"));
    for (const label of labels.filter((stage) => own.includes(stage))) moveStage(cloud, arn, label, undefined);
  },
  look: (cloud, row) => ({ versionStages: liveStages(cloud, row) }),
};

function liveStages(cloud: Parameters<typeof versionsOf>[0], row: Resource): string[] {
  return stagesOf(versionsOf(cloud, text(row.outputs, "arn")), text(row.outputs, "versionId"));
}

function stagesOf(versions: ReturnType<typeof versionsOf>, id: string): string[] {
  return versions.find((version) => version.id === id)?.stages ?? [];
}

/** A version without a value is one whose value somebody else puts in; Secrets Manager wants one all the same. */
function valueOf(inputs: Props): { readonly string: string } | { readonly binary: string } {
  const string = text(inputs, "secretString") || text(inputs, "secretStringWo");
  if (string !== "") return { string };
  const binary = text(inputs, "secretBinary");
  if (binary !== "") return { binary };
  throw new CloudError("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
}
