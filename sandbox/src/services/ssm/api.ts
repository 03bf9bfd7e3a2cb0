import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { text, texts } from "../../core/values.ts";
import { getByPath, getHistory, getOne, getSeveral, pathOf, rowsUnder, selected } from "./read-calls.ts";
import { deleteParameter, putParameter } from "./write-calls.ts";
import { describeParameters } from "./describe-calls.ts";
import { onItsKey, onParameter } from "./demands.ts";
import { DEFAULT_KEY, findParameter } from "./store.ts";

/** Parameter Store. */
export const ssmOperations: Operations = {
  GetParameter: { demands: (call) => reading(call, "GetParameter", [text(call.input, "Name")]), run: getOne },
  GetParameters: { demands: (call) => reading(call, "GetParameters", texts(call.input, "Names")), run: getSeveral },
  GetParametersByPath: {
    demands: (call) => [
      onParameter(call, "GetParametersByPath", pathOf(call)),
      ...decrypting(
        call,
        rowsUnder(call).map(({ id }) => id),
      ),
    ],
    run: getByPath,
  },
  GetParameterHistory: { demands: (call) => reading(call, "GetParameterHistory", [text(call.input, "Name")]), run: getHistory },
  DescribeParameters: { demands: () => ({ action: "ssm:DescribeParameters", resource: "*" }), run: describeParameters },
  PutParameter: { demands: writing, run: putParameter },
  DeleteParameter: { demands: (call) => onParameter(call, "DeleteParameter", text(call.input, "Name")), run: deleteParameter },
};

function reading(call: ApiCall, action: string, names: readonly string[]): Demand[] {
  const bare = names.map((name) => selected(name).name);
  return [...bare.map((name) => onParameter(call, action, name)), ...decrypting(call, bare)];
}

/** Systems Manager opens a SecureString with the key in the name of whoever calls. */
function decrypting(call: ApiCall, names: readonly string[]): Demand[] {
  if (call.input["WithDecryption"] !== true) return [];
  return names.flatMap((name) => {
    const row = findParameter(call.cloud, name, call.region);
    return row?.outputs["type"] === "SecureString" ? onItsKey(call, row.id, text(row.outputs, "keyId"), "Decrypt") : [];
  });
}

function writing(call: ApiCall): Demand[] {
  const name = text(call.input, "Name");
  const before = findParameter(call.cloud, name, call.region)?.outputs ?? {};
  const secure = (text(call.input, "Type") || text(before, "type")) === "SecureString";
  const key = text(call.input, "KeyId") || text(before, "keyId") || DEFAULT_KEY;
  return [onParameter(call, "PutParameter", name), ...(secure ? onItsKey(call, name, key, "Encrypt") : [])];
}
