import { randomBytes } from "node:crypto";
import type { ApiCall, Operations } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { bytesOf, contextOf, namedKey, onKey } from "./call.ts";
import { keyOperations } from "./key-calls.ts";
import { requireKey } from "./keys.ts";
import { decrypt, encrypt, keyOfCiphertext } from "./seal.ts";

const ALGORITHM = "SYMMETRIC_DEFAULT";
/** Bytes of a data key, by `KeySpec`. */
const KEY_SIZES: ReadonlyMap<string, number> = new Map([
  ["AES_256", 32],
  ["AES_128", 16],
]);
/** Bytes that GenerateDataKey and GenerateRandom make at most. */
const MOST_BYTES = 1024;

/** Key Management Service with symmetric keys, which come and go through the engine. */
export const kmsOperations: Operations = {
  ...keyOperations,
  Encrypt: {
    demands: (call) => onKey(call, "Encrypt", namedKey(call)),
    run: (call) => ({ ...sealed(call, namedKey(call), bytesOf(call, "Plaintext")), EncryptionAlgorithm: ALGORITHM }),
  },
  Decrypt: {
    demands: (call) => onKey(call, "Decrypt", ciphertextKey(call)),
    run: (call) => {
      const key = ciphertextKey(call);
      const plain = decrypt(call.cloud, key, bytesOf(call, "CiphertextBlob"), contextOf(call));
      return { Plaintext: plain.toString("base64"), KeyId: text(key.outputs, "arn"), EncryptionAlgorithm: ALGORITHM };
    },
  },
  ReEncrypt: {
    demands: (call) => [
      onKey(call, "ReEncryptFrom", ciphertextKey(call, "SourceKeyId"), contextOf(call, "SourceEncryptionContext")),
      onKey(call, "ReEncryptTo", namedKey(call, "DestinationKeyId"), contextOf(call, "DestinationEncryptionContext")),
    ],
    run: reEncrypt,
  },
  GenerateDataKey: {
    demands: (call) => onKey(call, "GenerateDataKey", namedKey(call)),
    run: (call) => {
      const plain = randomBytes(dataKeySize(call));
      return { ...sealed(call, namedKey(call), plain), Plaintext: plain.toString("base64") };
    },
  },
  GenerateDataKeyWithoutPlaintext: {
    demands: (call) => onKey(call, "GenerateDataKeyWithoutPlaintext", namedKey(call)),
    run: (call) => sealed(call, namedKey(call), randomBytes(dataKeySize(call))),
  },
  GenerateRandom: {
    demands: () => ({ action: "kms:GenerateRandom", resource: "*" }),
    run: (call) => ({ Plaintext: randomBytes(numberOfBytes(call)).toString("base64") }),
  },
};

function sealed(call: ApiCall, key: Resource, plain: Buffer): Props {
  const blob = encrypt(call.cloud, key, plain, contextOf(call));
  return { CiphertextBlob: blob.toString("base64"), KeyId: text(key.outputs, "arn") };
}

function reEncrypt(call: ApiCall): Props {
  const from = ciphertextKey(call, "SourceKeyId");
  const to = namedKey(call, "DestinationKeyId");
  const plain = decrypt(call.cloud, from, bytesOf(call, "CiphertextBlob"), contextOf(call, "SourceEncryptionContext"));
  const blob = encrypt(call.cloud, to, plain, contextOf(call, "DestinationEncryptionContext"));
  return {
    CiphertextBlob: blob.toString("base64"),
    SourceKeyId: text(from.outputs, "arn"),
    KeyId: text(to.outputs, "arn"),
    SourceEncryptionAlgorithm: ALGORITHM,
    DestinationEncryptionAlgorithm: ALGORITHM,
  };
}

/** The key that a ciphertext is under, which must be the one that the caller names, if it names one. */
function ciphertextKey(call: ApiCall, field = "KeyId"): Resource {
  const key = keyBehind(call);
  const named = text(call.input, field);
  if (named === "" || requireKey(call.cloud, named, call.region).id === key.id) return key;
  throw new CloudError(
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
  );
}

function keyBehind(call: ApiCall): Resource {
  const arn = keyOfCiphertext(bytesOf(call, "CiphertextBlob"));
  try {
    return requireKey(call.cloud, arn, call.region);
  } catch (error) {
    if (!(error instanceof CloudError) || error.code !== "NotFoundException") throw error;
    // KMS does not tell whose key it was.
    throw new CloudError(
      "AccessDenied",
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    );
  }
}

function dataKeySize(call: ApiCall): number {
  const spec = text(call.input, "KeySpec");
  const hasBytes = call.input["NumberOfBytes"] !== undefined;
  if ((spec === "") === !hasBytes) {
    throw new CloudError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  if (hasBytes) return numberOfBytes(call);
  const size = KEY_SIZES.get(spec);
  if (size !== undefined) return size;
  throw invalid("keySpec", "Member must satisfy enum value set: [AES_256, AES_128]");
}

function numberOfBytes(call: ApiCall): number {
  const size = call.input["NumberOfBytes"];
  if (typeof size === "number" && Number.isInteger(size) && size >= 1 && size <= MOST_BYTES) return size;
  throw invalid("numberOfBytes", `Member must have value between 1 and ${MOST_BYTES}`);
}

function invalid(field: string, rule: string): CloudError {
  return new CloudError(
    "ValidationException",
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${rule}`,
  );
}
