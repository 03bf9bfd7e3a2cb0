import type { SQSClient, SQSClientConfig } from "@aws-sdk/client-sqs";
import { inSpan } from "../tracing/spans.ts";
import type { Message, MessageQueue, Receiving } from "./queue.ts";

/** The most entries of one call (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html). */
const BATCH = 10;
/** How long an answer may take beside the time that a question waits for messages. */
const ANSWER_MS = 5_000;
const LONGEST_WAIT_MS = 20_000;

/** The SDK and its client. */
interface Loaded {
  readonly client: SQSClient;
  readonly sqs: typeof import("@aws-sdk/client-sqs");
}

/** What an entry of a batch was refused for. */
interface Refused {
  readonly Id: string | undefined;
  readonly Code: string | undefined;
  readonly Message?: string | undefined;
}

/** A queue of SQS. The SDK is loaded when it is first used: who has none does not wait for it. */
export class SqsQueue implements MessageQueue {
  readonly #url: string;
  readonly #client: SQSClientConfig;
  #loaded: Promise<Loaded> | undefined;

  /** `client` needs the region; credentials and the endpoint come from the environment unless they are in it. */
  constructor(url: string, client: SQSClientConfig) {
    this.#url = url;
    this.#client = client;
  }

  async send(bodies: readonly string[]): Promise<void> {
    const { client, sqs } = await this.#load();
    const about = {
      kind: "producer",
      attributes: { "messaging.system": "aws_sqs", "messaging.batch.message_count": bodies.length },
    } as const;
    await inSpan("send jobs", about, async () => {
      for (const Entries of batches(bodies, (MessageBody) => ({ MessageBody })))
        throwRefused("sent", (await client.send(new sqs.SendMessageBatchCommand({ QueueUrl: this.#url, Entries }))).Failed);
    });
  }

  async receive({ most, waitSeconds, holdSeconds }: Receiving, signal: AbortSignal): Promise<readonly Message[]> {
    const { client, sqs } = await this.#load();
    const command = new sqs.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(most, BATCH),
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: holdSeconds,
      MessageSystemAttributeNames: ["SentTimestamp"],
    });
    try {
      const { Messages = [] } = await client.send(command, { abortSignal: signal });
      return Messages.map(({ Body = "", ReceiptHandle = "", Attributes }) => ({
        body: Body,
        handle: ReceiptHandle,
        sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
      }));
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  async hold(handles: readonly string[], seconds: number): Promise<void> {
    const { client, sqs } = await this.#load();
    for (const Entries of batches(handles, (ReceiptHandle) => ({ ReceiptHandle, VisibilityTimeout: seconds }))) {
      const command = new sqs.ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
      throwRefused("held", (await client.send(command)).Failed?.filter(isStillOurs));
    }
  }

  async remove(handles: readonly string[]): Promise<void> {
    const { client, sqs } = await this.#load();
    for (const Entries of batches(handles, (ReceiptHandle) => ({ ReceiptHandle })))
      throwRefused("removed", (await client.send(new sqs.DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }))).Failed);
  }

  close(): void {
    void this.#loaded?.then(({ client }) => {
      client.destroy();
    });
  }

  #load(): Promise<Loaded> {
    this.#loaded ??= import("@aws-sdk/client-sqs").then((sqs) => ({
      sqs,
      client: new sqs.SQSClient({
        // AWS_ENDPOINT_URL holds for this service as for all others, whatever host the queue's address names.
        useQueueUrlAsEndpoint: false,
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 2_000, requestTimeout: LONGEST_WAIT_MS + ANSWER_MS },
        ...this.#client,
      }),
    }));
    return this.#loaded;
  }
}

function* batches<T>(items: readonly string[], entryOf: (item: string) => T): Generator<(T & { Id: string })[]> {
  for (let start = 0; start < items.length; start += BATCH)
    yield items.slice(start, start + BATCH).map((item, index) => ({ ...entryOf(item), Id: String(index) }));
}

/** Not one whose time was over or that was removed: somebody else may have it by now. */
function isStillOurs({ Code }: Refused): boolean {
  return !["InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid"].some((code) => Code?.endsWith(code) === true);
}

function throwRefused(what: string, refused: readonly Refused[] = []): void {
  const [first] = refused;
  if (first === undefined) return;
  throw new Error(`${refused.length} messages were not ${what}: ${first.Code ?? "no code"} ${first.Message ?? ""}`);
}
