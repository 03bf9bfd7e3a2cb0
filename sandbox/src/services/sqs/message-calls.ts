import type { ApiCall, Operations } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { eachOf, entriesOf, type Entry } from "./batch.ts";
import { namedQueue, onNamedQueue, receiving, sending } from "./demands.ts";
import { md5, md5OfAttributes } from "./digest.ts";
import { givenMessage, missing } from "./message-input.ts";
import { messagingOf } from "./messaging.ts";
import { INVALID_VALUE } from "./queues.ts";
import { changeVisibility, receiptHandle, receive, remove } from "./receive.ts";
import { send, sentAnswer, sequenceNumber } from "./send.ts";
import type { Message, MessageAttribute } from "./store.ts";

/** Bytes of a batch in all. Source: SQS developer guide, "Amazon SQS message quotas". */
const MAX_BATCH = 1_048_576;

/** The operations on messages. */
export const messageCalls: Operations = {
  SendMessage: {
    demands: sending,
    run: async (call) => {
      const queue = namedQueue(call);
      const message = givenMessage(queue, call.input);
      const [sent] = send(call.cloud, queue, [message], call.caller.userId);
      await messagingOf(call.cloud).store.settle();
      return sent === undefined ? {} : sentAnswer(queue, message, sent);
    },
  },
  SendMessageBatch: { demands: sending, run: sendBatch },
  ReceiveMessage: { demands: receiving, run: receiveMessages },
  DeleteMessage: {
    demands: onNamedQueue("DeleteMessage"),
    run: async (call) => {
      remove(call.cloud, namedQueue(call), handleIn(call.input));
      await messagingOf(call.cloud).store.settle();
      return {};
    },
  },
  DeleteMessageBatch: {
    demands: onNamedQueue("DeleteMessage"),
    run: async (call) => {
      const queue = namedQueue(call);
      const entries = entriesOf(call.input["Entries"], "DeleteMessageBatch");
      const { store } = messagingOf(call.cloud);
      const work = ({ input }: Entry): void => {
        remove(call.cloud, queue, handleIn(input));
      };
      const answer = store.change(() => answered(eachOf(entries, work)));
      await store.settle();
      return answer;
    },
  },
  ChangeMessageVisibility: {
    demands: onNamedQueue("ChangeMessageVisibility"),
    run: (call) => {
      changeVisibility(call.cloud, namedQueue(call), handleIn(call.input), timeoutIn(call.input));
      return {};
    },
  },
  ChangeMessageVisibilityBatch: {
    demands: onNamedQueue("ChangeMessageVisibility"),
    run: (call) => {
      const queue = namedQueue(call);
      const entries = entriesOf(call.input["Entries"], "ChangeMessageVisibilityBatch");
      const work = ({ input }: Entry): void => {
        changeVisibility(call.cloud, queue, handleIn(input), timeoutIn(input));
      };
      return messagingOf(call.cloud).store.change(() => answered(eachOf(entries, work)));
    },
  },
  PurgeQueue: {
    demands: onNamedQueue("PurgeQueue"),
    run: (call) => {
      const queue = namedQueue(call);
      const messaging = messagingOf(call.cloud);
      if (!messaging.mayPurge(queue.arn, call.cloud.now()))
        throw new CloudError(
          "PurgeQueueInProgress",
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      messaging.store.purge(queue.arn);
      return {};
    },
  },
};

async function sendBatch(call: ApiCall): Promise<Props> {
  const queue = namedQueue(call);
  const { done, Failed } = eachOf(entriesOf(call.input["Entries"], "SendMessageBatch"), ({ input }) =>
    givenMessage(queue, input),
  );
  const bytes = done.reduce((sum, [, message]) => sum + message.bytes, 0);
  if (bytes > MAX_BATCH)
    throw new CloudError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${String(MAX_BATCH)} bytes. You have sent ${String(bytes)} bytes.`,
    );
  const sent = send(
    call.cloud,
    queue,
    done.map(([, message]) => message),
    call.caller.userId,
  );
  await messagingOf(call.cloud).store.settle();
  const Successful = done.flatMap(([{ id }, message], index) => {
    const one = sent[index];
    return one === undefined ? [] : [{ Id: id, ...sentAnswer(queue, message, one) }];
  });
  return { Successful, Failed };
}

async function receiveMessages(call: ApiCall): Promise<Props> {
  const { cloud, gone, input } = call;
  if (text(input, "ReceiveRequestAttemptId") !== "")
    throw new CloudError("UnsupportedOperation", "The sandbox does not serve ReceiveRequestAttemptId: receive without it.");
  const queue = namedQueue(call);
  const wanted = {
    most: numberIn(input, "MaxNumberOfMessages", 1, 10, 1, "Must be between 1 and 10, if provided."),
    waitSeconds: numberIn(input, "WaitTimeSeconds", 0, 20, queue.receiveWaitSeconds, "Must be >= 0 and <= 20, if provided."),
    visibilitySeconds: numberIn(
      input,
      "VisibilityTimeout",
      0,
      43_200,
      queue.visibilitySeconds,
      "Must be between 0 and 43200, if provided.",
    ),
  };
  const messages = await receive(cloud, queue, wanted, gone);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => shown(message, input, queue.isFifo)) };
}

function shown(message: Message, input: Props, isFifo: boolean): Props {
  const system = systemAttributes(message, isFifo);
  const wantedSystem = [...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")];
  const Attributes = Object.fromEntries(
    Object.entries(system).filter(
      ([name, value]) => value !== "" && (wantedSystem.includes("All") || wantedSystem.includes(name)),
    ),
  );
  const patterns = texts(input, "MessageAttributeNames");
  const own = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => patterns.some((one) => covers(one, name))),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(own).length > 0 && {
      MD5OfMessageAttributes: md5OfAttributes(own),
      MessageAttributes: Object.fromEntries(Object.entries(own).map(([name, attribute]) => [name, attributeShown(attribute)])),
    }),
  };
}

/** Source: SQS API Reference, ReceiveMessage, `MessageSystemAttributeNames`. */
function systemAttributes(message: Message, isFifo: boolean): Record<string, string> {
  return {
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    AWSTraceHeader: message.trace,
    DeadLetterQueueSourceArn: message.origin,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.dedupId,
    SequenceNumber: isFifo ? sequenceNumber(message.seq) : "",
  };
}

/** A name covers itself, `All` and `.*` every one, and `orders.*` those that begin with `orders.`. */
function covers(pattern: string, name: string): boolean {
  return (
    pattern === "All" ||
    pattern === name ||
    (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -"*".length).replace(/^\.$/, "")))
  );
}

function attributeShown({ type, value }: MessageAttribute): Props {
  return { DataType: type, [type.startsWith("Binary") ? "BinaryValue" : "StringValue"]: value };
}

function answered({ done, Failed }: ReturnType<typeof eachOf<void>>): Props {
  return { Successful: done.map(([{ id }]) => ({ Id: id })), Failed };
}

function handleIn(input: Props): string {
  const handle = text(input, "ReceiptHandle");
  if (handle === "") throw missing("ReceiptHandle");
  return handle;
}

function timeoutIn(input: Props): number {
  if (input["VisibilityTimeout"] === undefined) throw missing("VisibilityTimeout");
  return Number(input["VisibilityTimeout"]);
}

function numberIn(input: Props, name: string, least: number, most: number, otherwise: number, rule: string): number {
  const given = input[name];
  if (given === undefined || given === null) return otherwise;
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CloudError(INVALID_VALUE, `Value ${JSON.stringify(given)} for parameter ${name} is invalid. Reason: ${rule}`);
}
