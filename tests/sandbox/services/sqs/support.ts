import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Services } from "../../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { SQS_QUERY_CODES, sqsOperations } from "../../../../sandbox/src/services/sqs/api.ts";
import { sqsDefinitions } from "../../../../sandbox/src/services/sqs/index.ts";
import { closeMessaging, messagingOf } from "../../../../sandbox/src/services/sqs/messaging.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";

export const type = {
  allow: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  policy: "aws:sqs/queuePolicy:QueuePolicy",
  queue: "aws:sqs/queue:Queue",
  redrive: "aws:sqs/redrivePolicy:RedrivePolicy",
} as const;

export const services: Services = { json: { sqs: sqsOperations }, query: {}, rest: {}, queryCodes: { sqs: SQS_QUERY_CODES } };

/** The ARN of a queue of the tests' account. */
export function arnOf(name: string): string {
  return `arn:aws:sqs:eu-central-1:123456789012:${name}`;
}

/** The address of such a queue. */
export function urlOf(name: string): string {
  return `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`;
}

/** A cloud whose SQS an SDK client calls. The clock is the real one, moved by what passes. */
export class SqsFixture {
  readonly api: ApiCloud;
  readonly client: SQSClient;

  private constructor(api: ApiCloud) {
    this.api = api;
    this.client = new SQSClient(api.operator);
  }

  /** Starts one; with a home it is what a daemon finds that is started again. */
  static async start(home?: string): Promise<SqsFixture> {
    return new SqsFixture(await apiCloud(services, { definitions: sqsDefinitions, ...(home !== undefined && { home }) }));
  }

  queue(name = "jobs", inputs: Props = {}): Promise<Resource> {
    return this.api.stack.create(type.queue, name, { name, ...inputs });
  }

  /** The queue `jobs`, and `failed` for what was received so many times. */
  async queueWithDeadLetters(maxReceiveCount = 1, inputs: Props = {}): Promise<void> {
    const ending = inputs["fifoQueue"] === true ? ".fifo" : "";
    await this.queue(`failed${ending}`, inputs);
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(`failed${ending}`), maxReceiveCount });
    await this.queue(`jobs${ending}`, { ...inputs, redrivePolicy });
  }

  send(body: string, input: Partial<SendMessageCommandInput> = {}): Promise<SendMessageCommandOutput> {
    return this.client.send(new SendMessageCommand({ QueueUrl: urlOf("jobs"), MessageBody: body, ...input }));
  }

  async receive(input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: urlOf("jobs"), MaxNumberOfMessages: 10, ...input });
    return (await this.client.send(command)).Messages ?? [];
  }

  /** The bodies of what is received. */
  async bodies(input: Partial<ReceiveMessageCommandInput> = {}): Promise<string[]> {
    return (await this.receive(input)).map(({ Body = "" }) => Body);
  }

  /** Moves the cloud's clock, and the one that the client signs with. */
  pass(seconds: number): void {
    this.api.cloud.pass(seconds * 1000);
    this.client.config.systemClockOffset += seconds * 1000;
  }

  /** How many messages a queue has: to be received, in flight, delayed. */
  async depth(name = "jobs"): Promise<string[]> {
    const { Attributes = {} } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ["All"] }),
    );
    return (["", "NotVisible", "Delayed"] as const).map((kind) => Attributes[`ApproximateNumberOfMessages${kind}`] ?? "");
  }

  /** Resolves once so many receivers wait for a message of the queue `jobs`. */
  async receivers(count: number): Promise<void> {
    while (messagingOf(this.api.cloud).receivers(arnOf("jobs")) !== count) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets go of the files, which stay. */
  async close(): Promise<void> {
    this.client.destroy();
    closeMessaging(this.api.cloud);
    await this.api.close();
  }

  async end(): Promise<void> {
    this.client.destroy();
    closeMessaging(this.api.cloud);
    await this.api.end();
  }
}
