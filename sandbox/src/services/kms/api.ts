import { randomBytes } from "node:crypto";
import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { decrypt, encrypt, keyOfCiphertext, policyOfKey, requireKey } from "./keys.ts";

/** Key Management Service with symmetric keys. */
export const kmsOperations: Operations = {
  Encrypt: {
    demands: (call) => onKey(call, "Encrypt", namedKey(call)),
    run: (call) => {
      const key = namedKey(call);
      const blob = encrypt(call.cloud, key, bytes(call, "Plaintext"), contextOf(call));
      return {
        CiphertextBlob: blob.toString("base64"),
        KeyId: text(key.outputs, "arn"),
        EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      };
    },
  },
  Decrypt: {
    demands: (call) => onKey(call, "Decrypt", ciphertextKey(call)),
    run: (call) => {
      const key = ciphertextKey(call);
      const plain = decrypt(call.cloud, key, bytes(call, "CiphertextBlob"), contextOf(call));
      return { Plaintext: plain.toString("base64"), KeyId: text(key.outputs, "arn"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
    },
  },
  GenerateDataKey: { demands: (call) => onKey(call, "GenerateDataKey", namedKey(call)), run: generateDataKey },
  DescribeKey: {
    demands: (call) => onKey(call, "DescribeKey", namedKey(call)),
    run: (call) => ({ KeyMetadata: metadata(call, namedKey(call)) }),
  },
};

function onKey(call: ApiCall, action: string, key: Resource): Demand {
  const context = Object.keys(contextOf(call)).map((name) => [`kms:EncryptionContext:${name}`, text(contextOf(call), name)]);
  return {
    action: `kms:${action}`,
    resource: text(key.outputs, "arn"),
    policy: policyOfKey(call.cloud, key),
    resourceMustAllow: true,
    context: Object.fromEntries(context) as Record<string, string>,
  };
}

function namedKey(call: ApiCall): Resource {
  return requireKey(call.cloud, text(call.input, "KeyId"), call.region);
}

function ciphertextKey(call: ApiCall): Resource {
  const named = text(call.input, "KeyId");
  const key = requireKey(call.cloud, keyOfCiphertext(bytes(call, "CiphertextBlob")), call.region);
  if (named !== "" && requireKey(call.cloud, named, call.region).id !== key.id) {
    throw new CloudError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  return key;
}

function generateDataKey(call: ApiCall): Props {
  const key = namedKey(call);
  const size = call.input["NumberOfBytes"] ?? { AES_256: 32, AES_128: 16 }[text(call.input, "KeySpec")];
  if (typeof size !== "number" || size < 1 || size > 1024) {
    throw new CloudError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  const plain = randomBytes(size);
  const blob = encrypt(call.cloud, key, plain, contextOf(call));
  return { CiphertextBlob: blob.toString("base64"), Plaintext: plain.toString("base64"), KeyId: text(key.outputs, "arn") };
}

function metadata(call: ApiCall, key: Resource): Props {
  const enabled = key.outputs["isEnabled"] !== false;
  return {
    AWSAccountId: call.cloud.account,
    KeyId: key.id,
    Arn: text(key.outputs, "arn"),
    Description: text(key.outputs, "description"),
    Enabled: enabled,
    KeyState: enabled ? "Enabled" : "Disabled",
    KeyUsage: text(key.outputs, "keyUsage"),
    KeySpec: text(key.outputs, "customerMasterKeySpec"),
    KeyManager: "CUSTOMER",
    Origin: "AWS_KMS",
    MultiRegion: key.outputs["multiRegion"] === true,
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  };
}

function bytes(call: ApiCall, name: string): Buffer {
  return Buffer.from(text(call.input, name), "base64");
}

function contextOf(call: ApiCall): Props {
  const context = call.input["EncryptionContext"];
  return context !== null && typeof context === "object" && !Array.isArray(context) ? context : {};
}
