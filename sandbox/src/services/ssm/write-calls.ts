import type { ApiCall } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { forgetHistory, record } from "./history.ts";
import { invalid, required } from "./read-calls.ts";
import {
  alreadyExists,
  checkValue,
  DEFAULT_KEY,
  faultInName,
  findParameter,
  PARAMETER,
  parameterArn,
  refuseDowngrade,
} from "./store.ts";

const TYPES = ["String", "StringList", "SecureString"];
const TIERS = ["Standard", "Advanced", "Intelligent-Tiering"];
/** Characters up to which a parameter that chooses its tier itself is a standard one. */
const STANDARD = 4096;

/** PutParameter: a new parameter, or with `Overwrite` the next version of one, which `pulumi refresh` sees. */
export function putParameter(call: ApiCall): Props {
  const { cloud, input, region } = call;
  const name = text(input, "Name");
  const fault = faultInName(name);
  if (fault !== undefined) throw new CloudError("ValidationException", fault);
  if (text(input, "Policies") !== "")
    throw new CloudError("UnsupportedParameterOperation", "The sandbox does not serve Policies of PutParameter.");
  const before = findParameter(cloud, name, region);
  if (before !== undefined && input["Overwrite"] !== true) throw alreadyExists();
  const old = before?.outputs ?? {};
  const inputs = asked(call, old);
  const id = before?.id ?? name;
  cloud.world.change(() => {
    const kept = { ...before?.inputs };
    // The value is where the program had put it, so that the program's next preview finds the difference.
    const place = ["value", "insecureValue", "valueWo"].find((field) => text(kept, field) !== "") ?? "value";
    const { value, ...rest } = inputs;
    const now = { ...kept, ...rest, name: id, [place]: value };
    const keyId = rest["type"] === "SecureString" ? text(now, "keyId") || text(old, "keyId") || DEFAULT_KEY : "";
    const outputs = { ...old, ...now, id, keyId, arn: parameterArn(cloud, id, region) };
    const version = record(cloud, id, region, outputs);
    const row = before ?? { type: PARAMETER, id, urn: "", region, phase: "ready" as const, claimed: true };
    cloud.world.put({ ...row, inputs: now, outputs: { ...outputs, version } });
  });
  return { Version: Number(findParameter(cloud, id, region)?.outputs["version"] ?? 1), Tier: text(inputs, "tier") };
}

/** DeleteParameter. */
export function deleteParameter(call: ApiCall): Props {
  const row = required(call, text(call.input, "Name"));
  call.cloud.world.change(() => {
    call.cloud.world.drop(row);
    forgetHistory(call.cloud, row.id, row.region);
  });
  return {};
}

/** The inputs of the parameter as the call wants them; what it does not say stays as it was. */
function asked({ input }: ApiCall, old: Props): Props {
  const type = text(input, "Type") || text(old, "type");
  if (type === "") throw new CloudError("ValidationException", "A parameter type is required when you create a parameter.");
  if (!TYPES.includes(type)) throw new CloudError("UnsupportedParameterType", `The parameter type ${type} is not supported.`);
  const value = text(input, "Value");
  const tier = tierOf(text(input, "Tier") || text(old, "tier") || "Standard", value);
  refuseDowngrade(text(old, "tier"), tier);
  const allowedPattern = text(input, "AllowedPattern") || text(old, "allowedPattern");
  checkValue(value, tier, allowedPattern);
  const description = text(input, "Description") || text(old, "description");
  return {
    type,
    value,
    tier,
    dataType: text(input, "DataType") || text(old, "dataType") || "text",
    ...(description === "" ? {} : { description }),
    ...(allowedPattern === "" ? {} : { allowedPattern }),
    ...(type === "SecureString" && text(input, "KeyId") !== "" ? { keyId: text(input, "KeyId") } : {}),
  };
}

function tierOf(tier: string, value: string): string {
  if (!TIERS.includes(tier)) throw invalid("tier", `Member must satisfy enum value set: [${TIERS.join(", ")}]`);
  if (tier !== "Intelligent-Tiering") return tier;
  return value.length > STANDARD ? "Advanced" : "Standard";
}
