import type { QueryCodes } from "../../api/json-protocol.ts";
import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { queueAttributes } from "./attributes.ts";
import { namedQueue, onNamedQueue, onQueue } from "./demands.ts";
import { messageCalls } from "./message-calls.ts";
import { missing } from "./message-input.ts";
import { cancelMove, shownTask, startMove, tasksOf } from "./moves.ts";
import { INVALID_VALUE, noSuchQueue, type Queue, queueOf, queueOfArn, queuesIn, rowNamed, sourcesOf } from "./queues.ts";

/** What a page holds when its size is not given. Source: SQS API Reference, ListQueues: up to 1000. */
const PAGE = 1000;
/** Source: SQS developer guide, "Amazon SQS queue quotas", tags. */
const MAX_TAGS = 50;

/** Simple Queue Service. Queues are made by the engine; the API sends, receives and looks. */
export const sqsOperations: Operations = {
  ...messageCalls,
  GetQueueUrl: {
    demands: (call) => onQueue(call.cloud, "GetQueueUrl", queueByName(call)),
    run: (call) => ({ QueueUrl: queueByName(call).url }),
  },
  GetQueueAttributes: {
    demands: onNamedQueue("GetQueueAttributes"),
    run: (call) => {
      const Attributes = queueAttributes(call.cloud, namedQueue(call), texts(call.input, "AttributeNames"));
      return Object.keys(Attributes).length === 0 ? {} : { Attributes };
    },
  },
  ListQueues: {
    demands: ({ cloud, region }) => ({ action: "sqs:listqueues", resource: arn("sqs", region, cloud.account, "") }),
    run: (call) => {
      const queues = queuesIn(call.cloud, call.region).filter(({ name }) => name.startsWith(text(call.input, "QueueNamePrefix")));
      return page(call, queues, (QueueUrls) => ({ QueueUrls }));
    },
  },
  ListDeadLetterSourceQueues: {
    demands: onNamedQueue("ListDeadLetterSourceQueues"),
    run: (call) => page(call, sourcesOf(call.cloud, namedQueue(call)), (queueUrls) => ({ queueUrls })),
  },
  ListQueueTags: {
    demands: onNamedQueue("ListQueueTags"),
    run: (call) => {
      const tags = tagsOf(namedQueue(call));
      return Object.keys(tags).length === 0 ? {} : { Tags: tags };
    },
  },
  TagQueue: {
    demands: onNamedQueue("TagQueue"),
    run: (call) => {
      const given = isProps(call.input["Tags"]) ? call.input["Tags"] : {};
      if (Object.keys(given).length === 0) throw missing("Tags");
      return setTags(call, { ...tagsOf(namedQueue(call)), ...given });
    },
  },
  UntagQueue: {
    demands: onNamedQueue("UntagQueue"),
    run: (call) => {
      const gone = texts(call.input, "TagKeys");
      return setTags(call, Object.fromEntries(Object.entries(tagsOf(namedQueue(call))).filter(([key]) => !gone.includes(key))));
    },
  },
  StartMessageMoveTask: {
    demands: startDemands,
    run: (call) => {
      const perSecond = Number(call.input["MaxNumberOfMessagesPerSecond"] ?? 0);
      return { TaskHandle: startMove(call.cloud, sourceOf(call), text(call.input, "DestinationArn"), perSecond).handle };
    },
  },
  ListMessageMoveTasks: {
    demands: (call) => onQueue(call.cloud, "ListMessageMoveTasks", sourceOf(call)),
    run: (call) => {
      const most = Number(call.input["MaxResults"] ?? 1);
      return { Results: tasksOf(call.cloud, sourceOf(call).arn).slice(0, most).map(shownTask) };
    },
  },
  CancelMessageMoveTask: {
    demands: (call) => onQueue(call.cloud, "CancelMessageMoveTask", sourceOfTask(call)),
    run: (call) => ({ ApproximateNumberOfMessagesMoved: cancelMove(call.cloud, text(call.input, "TaskHandle")) }),
  },
};

/** What the query protocol called these errors: SDKs still tell them by those names. Source: the model of SQS, `aws.protocols#awsQueryError`. */
export const SQS_QUERY_CODES: QueryCodes = {
  AccessDeniedException: "AccessDenied",
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

function queueByName({ cloud, input, region }: ApiCall): Queue {
  const name = text(input, "QueueName");
  if (name === "") throw missing("QueueName");
  const owner = text(input, "QueueOwnerAWSAccountId") || cloud.account;
  const row = owner === cloud.account ? rowNamed(cloud, name, region) : undefined;
  if (row === undefined) throw noSuchQueue();
  return queueOf(cloud, row);
}

function sourceOf({ cloud, input }: ApiCall): Queue {
  return requireSource(cloud, text(input, "SourceArn"), "SourceArn");
}

function sourceOfTask({ cloud, input }: ApiCall): Queue {
  let source = "";
  try {
    source = (JSON.parse(Buffer.from(text(input, "TaskHandle"), "base64").toString()) as { sourceArn?: string }).sourceArn ?? "";
  } catch {
    throw new CloudError(INVALID_VALUE, "Value for parameter TaskHandle is invalid.");
  }
  return requireSource(cloud, source, "TaskHandle");
}

function requireSource(cloud: ApiCall["cloud"], sourceArn: string, parameter: string): Queue {
  const queue = queueOfArn(cloud, sourceArn);
  if (queue !== undefined) return queue;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new CloudError("ResourceNotFoundException", message, 404);
}

/** Source: SQS developer guide, "Configuring queue permissions for dead-letter queue redrive". */
function startDemands(call: ApiCall): Demand[] {
  const { cloud, input } = call;
  const source = sourceOf(call);
  const chosen = queueOfArn(cloud, text(input, "DestinationArn"));
  const targets = text(input, "DestinationArn") === "" ? sourcesOf(cloud, source) : chosen === undefined ? [] : [chosen];
  const ofSource = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
  return [
    ...ofSource.map((action) => onQueue(cloud, action, source)),
    ...targets.map((queue) => onQueue(cloud, "SendMessage", queue)),
  ];
}

function tagsOf({ row }: Queue): Props {
  const tags = row.outputs["tagsAll"] ?? row.outputs["tags"];
  return isProps(tags) ? tags : {};
}

function setTags(call: ApiCall, tags: Props): Props {
  if (Object.keys(tags).length > MAX_TAGS)
    throw new CloudError(INVALID_VALUE, `Too many tags added for queue: a queue can have ${String(MAX_TAGS)} tags.`);
  call.cloud.world.setOutputs(namedQueue(call).row, { tags, tagsAll: tags });
  return {};
}

function page({ input }: ApiCall, queues: readonly Queue[], shape: (urls: string[]) => Props): Props {
  const size = Number(input["MaxResults"] ?? PAGE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE)
    throw new CloudError(
      INVALID_VALUE,
      `Value ${String(size)} for parameter MaxResults is invalid. Reason: Must be between 1 and 1000.`,
    );
  const start = Number(Buffer.from(text(input, "NextToken"), "base64").toString() || 0);
  if (!Number.isInteger(start) || start < 0) throw new CloudError(INVALID_VALUE, "Invalid or expired next token.");
  const end = start + size;
  const urls = queues.slice(start, end).map(({ url }) => url);
  if (urls.length === 0) return {};
  // Without MaxResults there is no second page, however many queues there are.
  const more = input["MaxResults"] !== undefined && end < queues.length;
  return { ...shape(urls), ...(more && { NextToken: Buffer.from(String(end)).toString("base64") }) };
}
