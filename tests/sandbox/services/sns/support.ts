import { SNSClient } from "@aws-sdk/client-sns";
import type { Services } from "../../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { snsApi } from "../../../../sandbox/src/services/sns/api.ts";
import { type Mail, inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  key: "aws:kms/key:Key",
  policy: "aws:sns/topicPolicy:TopicPolicy",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  topic: "aws:sns/topic:Topic",
} as const;

/** The topic that {@link SnsFixture.topic} makes. */
export const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts";

/** A cloud that serves SNS, with a clock that stands still at 2026-03-01T12:00:00Z. */
export class SnsFixture {
  readonly cloud: TestCloud;
  readonly stack: Stack;

  constructor(cloud: TestCloud = testCloud()) {
    this.cloud = cloud;
    this.stack = new Stack(cloud, [...snsDefinitions, ...kmsDefinitions]);
  }

  make(token: string, name: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, name, inputs);
  }

  topic(inputs: Props = {}): Promise<Resource> {
    return this.make(type.topic, "alerts", { name: "alerts", ...inputs });
  }

  subscription(endpoint = "ops@example.com", inputs: Props = {}): Promise<Resource> {
    return this.make(type.subscription, endpoint, { topic: TOPIC, protocol: "email", endpoint, ...inputs });
  }

  /** What was mailed: confirmations, or what was published. */
  mails(kind: Mail["kind"]): readonly Mail[] {
    return inbox(this.cloud).filter((mail) => mail.kind === kind);
  }
}

const services: Services = { json: {}, query: { sns: snsApi }, rest: {} };

/** The API of SNS on loopback, with the topic `alerts`, and the operator's SDK client. */
export async function snsCloud(): Promise<ApiCloud & { readonly sns: SNSClient; readonly fixture: SnsFixture }> {
  const api = await apiCloud(services, { definitions: snsDefinitions });
  const fixture = new SnsFixture(api.cloud);
  await fixture.topic();
  return { ...api, fixture, sns: new SNSClient(api.operator) };
}
