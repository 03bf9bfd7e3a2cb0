import { CloudError } from "../../core/definition.ts";
import { isProps, type Props, text, type Value } from "../../core/values.ts";
import { INVALID_VALUE, type Queue } from "./queues.ts";
import type { MessageAttribute } from "./store.ts";

/** A message as a call gives it, checked. */
export interface GivenMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly trace: string;
  /** @default - the queue's own */
  readonly delaySeconds: number | undefined;
  readonly groupId: string;
  readonly dedupId: string;
  /** What counts against the queue's limit: the body, and the names, types and values of its attributes. */
  readonly bytes: number;
}

const MAX_ATTRIBUTES = 10;
/** 1 to 128 letters, digits and punctuation. Source: SendMessage, `MessageGroupId` and `MessageDeduplicationId`. */
const TOKEN = /^[\x21-\x7e]{1,128}$/;

/** Reads what SendMessage is given, or one entry of a batch. Throws in SQS's words. */
export function givenMessage(queue: Queue, input: Props): GivenMessage {
  const body = text(input, "MessageBody");
  if (body === "") throw missing("MessageBody");
  const attributes = attributesOf(input["MessageAttributes"]);
  const bytes = Object.entries(attributes).reduce((sum, [name, { type, value }]) => {
    const size = type.startsWith("Binary") ? Buffer.from(value, "base64").length : Buffer.byteLength(value);
    return sum + Buffer.byteLength(name) + type.length + size;
  }, Buffer.byteLength(body));
  if (bytes > queue.maxMessageBytes)
    throw new CloudError(
      INVALID_VALUE,
      `One or more parameters are invalid. Reason: Message must be shorter than ${String(queue.maxMessageBytes)} bytes.`,
    );
  for (const value of [body, ...Object.values(attributes).map((attribute) => attribute.value)]) checkCharacters(value);
  return {
    body,
    attributes,
    trace: traceOf(input["MessageSystemAttributes"]),
    delaySeconds: delayOf(queue, input["DelaySeconds"]),
    ...groupingOf(queue, input),
    bytes,
  };
}

function groupingOf(queue: Queue, input: Props): Pick<GivenMessage, "groupId" | "dedupId"> {
  const [groupId, dedupId] = [text(input, "MessageGroupId"), text(input, "MessageDeduplicationId")];
  for (const [name, value] of Object.entries({ MessageGroupId: groupId, MessageDeduplicationId: dedupId })) {
    if (value !== "" && !TOKEN.test(value))
      throw new CloudError(
        INVALID_VALUE,
        `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
  }
  if (queue.isFifo) {
    if (groupId === "") throw missing("MessageGroupId");
    if (dedupId === "" && !queue.dedupesByContent)
      throw new CloudError(
        INVALID_VALUE,
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
  } else if (dedupId !== "") throw wrongType("MessageDeduplicationId", dedupId);
  return { groupId, dedupId };
}

function delayOf(queue: Queue, given: Value | undefined): number | undefined {
  if (given === undefined || given === null) return undefined;
  const seconds = Number(given);
  if (queue.isFifo) throw wrongType("DelaySeconds", String(seconds));
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 900)
    throw new CloudError(
      INVALID_VALUE,
      `Value ${JSON.stringify(given)} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  return seconds;
}

function traceOf(given: Value | undefined): string {
  if (!isProps(given)) return "";
  const attributes = attributesOf(given);
  const other = Object.keys(attributes).find((name) => name !== "AWSTraceHeader");
  if (other !== undefined)
    throw new CloudError(INVALID_VALUE, `Message system attribute name '${other}' is invalid; AWSTraceHeader is the only one.`);
  return attributes["AWSTraceHeader"]?.value ?? "";
}

/** Reads message attributes. Source: SQS developer guide, "Message metadata". */
function attributesOf(given: Value | undefined): Record<string, MessageAttribute> {
  if (!isProps(given)) return {};
  const entries = Object.entries(given);
  if (entries.length > MAX_ATTRIBUTES)
    throw new CloudError(
      INVALID_VALUE,
      `Number of message attributes [${String(entries.length)}] exceeds the allowed maximum [${String(MAX_ATTRIBUTES)}].`,
    );
  return Object.fromEntries(entries.map(([name, value]) => [name, attributeOf(name, value)]));
}

function attributeOf(name: string, given: Value | undefined): MessageAttribute {
  const fail = (reason: string): never => {
    throw new CloudError(INVALID_VALUE, reason);
  };
  if (!/^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/.test(name) || /^(aws|amazon)\./i.test(name))
    return fail(
      `Message (user) attribute name '${name}' is invalid. It must contain 1 to 256 characters of A-Z, a-z, 0-9, underscore, hyphen and period, and not start with AWS. or Amazon.`,
    );
  const attribute = isProps(given) ? given : {};
  const type = text(attribute, "DataType");
  if (type === "") return fail(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = /^(String|Number|Binary)(\..+)?$/.exec(type)?.[1];
  if (kind === undefined || type.length > 256)
    return fail(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const value = text(attribute, kind === "Binary" ? "BinaryValue" : "StringValue");
  if (value === "")
    return fail(
      `Message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${kind}'.`,
    );
  if (kind === "Number" && !(value.trim() !== "" && Number.isFinite(Number(value))))
    return fail(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  return { type, value };
}

/** Source: SendMessage, `MessageBody`: what XML 1.0 allows. */
function checkCharacters(value: string): void {
  if (/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(value)) return;
  throw new CloudError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.",
  );
}

/** SQS's error for a parameter that is not there. */
export function missing(name: string): CloudError {
  return new CloudError("MissingParameter", `The request must contain the parameter ${name}.`);
}

function wrongType(name: string, value: string): CloudError {
  return new CloudError(
    INVALID_VALUE,
    `Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  );
}
