import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { acmDefinitions } from "../../../../sandbox/src/services/acm/index.ts";
import { ec2NetworkDefinitions } from "../../../../sandbox/src/services/ec2/network.ts";
import { route53Definitions } from "../../../../sandbox/src/services/route53/index.ts";
import { closeDoors } from "../../../../sandbox/src/plane/doors.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  certificate: "aws:acm/certificate:Certificate",
  record: "aws:route53/record:Record",
  validation: "aws:acm/certificateValidation:CertificateValidation",
  vpc: "aws:ec2/vpc:Vpc",
  zone: "aws:route53/zone:Zone",
} as const;

/** A cloud that serves names and the certificates that are proved by them. */
export class NamesFixture {
  readonly cloud: TestCloud = testCloud();
  readonly stack: Stack = new Stack(this.cloud, [...route53Definitions, ...acmDefinitions, ...ec2NetworkDefinitions]);
  #made = 0;

  create(token: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, `r${++this.#made}`, inputs);
  }

  zone(name = "example.org", more: Props = {}): Promise<Resource> {
    return this.create(type.zone, { name, ...more });
  }

  /** A record of simple routing that is remembered for five minutes. */
  record(zone: Resource, name: string, kind: string, records: string[], more: Props = {}): Promise<Resource> {
    return this.create(type.record, { zoneId: zone.id, name, type: kind, ttl: 300, records, ...more });
  }

  /** A name for something else of AWS or of a zone. */
  alias(zone: Resource, name: string, target: { name: string; zoneId: string }, more: Props = {}): Promise<Resource> {
    const aliases = [{ ...target, evaluateTargetHealth: false }];
    return this.create(type.record, { zoneId: zone.id, name, type: "A", aliases, ...more });
  }

  /** Something of another service that stands already. */
  stands(token: string, id: string, outputs: Props): void {
    this.cloud.world.put({
      type: token,
      id,
      urn: "",
      region: REGION,
      inputs: {},
      outputs,
      phase: "ready",
      claimed: true,
    });
  }

  async end(): Promise<void> {
    await closeDoors(this.cloud);
    await this.cloud.end();
  }
}
