import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { AMI, Ec2Fixture, type } from "./support.ts";

describe("disks of the sandbox", () => {
  let ec2: Ec2Fixture;
  beforeEach(() => (ec2 = new Ec2Fixture()));
  afterEach(() => ec2.end());

  const asked = (more: Props = {}): Props => ({ availabilityZone: "eu-central-1a", size: 20, type: "gp3", ...more });
  const make = (more: Props = {}): Promise<Resource> => ec2.create(type.volume, asked(more));
  const change = (row: Resource, more: Props): Promise<Resource> => ec2.stack.update(row, "r", asked(more));
  const speed = ({ outputs }: Resource): unknown[] => [outputs["iops"], outputs["throughput"]];

  it("have the speed of their type", async () => {
    assert.deepEqual(speed(await make()), [3000, 125]);
    assert.deepEqual(speed(await make({ iops: 6000, throughput: 500 })), [6000, 500]);
    assert.deepEqual(speed(await make({ type: "gp2" })), [100, 0]);
    assert.deepEqual(speed(await make({ type: "gp2", size: 1000 })), [3000, 0]);
    assert.deepEqual(speed(await make({ type: "gp2", size: 16_000 })), [16_000, 0]);
    assert.deepEqual(speed(await make({ type: "io2", iops: 20_000 })), [20_000, 0]);
  });

  it("are gp2 where nothing was said, as EC2 makes them", async () => {
    const { outputs } = await ec2.create(type.volume, { availabilityZone: "eu-central-1a", size: 1 });
    assert.deepEqual([outputs["type"], outputs["encrypted"], outputs["createTime"]], ["gp2", false, "2026-03-01T12:00:00.000Z"]);
  });

  for (const [inputs, fault] of [
    [{ size: 0 }, "size: Volume size of 0 GiB is out of range for gp3; allowed: 1 to 65536"],
    [{ type: "st1", size: 124 }, "size: Volume size of 124 GiB is out of range for st1; allowed: 125 to 16384"],
    [{ iops: 2999 }, "iops: Volume iops of 2999 IOPS is out of range for gp3; allowed: 3000 to 80000"],
    [
      { iops: 10_001 },
      "iops: Iops to volume size ratio of 500.05 is too high; allowed: 500 IOPS for each GiB of gp3, so 10000 for 20 GiB",
    ],
    [{ throughput: 2001 }, "throughput: Volume throughput of 2001 MiB/s is out of range for gp3; allowed: 125 to 2000"],
    [
      { throughput: 751 },
      "throughput: Throughput (MiBps) to iops ratio of 0.25033333333333335 is too high; 751 MiB/s need 3004 IOPS (given: 3000)",
    ],
    [{ type: "gp2", iops: 3000 }, "iops: The parameter iops is not supported for gp2 volumes"],
    [{ type: "io1" }, "type: The parameter iops must be specified for io1 volumes"],
    [{ type: "ssd" }, 'type: "ssd" is not one of the allowed values: gp2, gp3, io1, io2, sc1, st1, standard'],
    [{ multiAttachEnabled: true }, "multiAttachEnabled: multi-attach is for io1 and io2 volumes (given: gp3)"],
    [{ finalSnapshot: true }, "finalSnapshot: the sandbox takes no snapshots of volumes; leave finalSnapshot out"],
  ] as readonly [Props, string][]) {
    it(`refuse ${JSON.stringify(inputs)} before anything is made`, () => {
      assert.deepEqual(ec2.faults(type.volume, asked(inputs)), [fault]);
    });
  }

  it("take the least and the most of their type", () => {
    const edges = [
      { iops: 10_000, throughput: 2000 },
      { size: 1, iops: 3000 },
      { size: 65_536, iops: 80_000 },
      { throughput: 750 },
    ];
    for (const inputs of edges) assert.deepEqual(ec2.faults(type.volume, asked(inputs)), [], JSON.stringify(inputs));
  });

  it("need a zone of the region, and a size", async () => {
    await refused(
      make({ availabilityZone: "us-east-1a" }),
      "InvalidZone.NotFound",
      "The zone 'us-east-1a' does not exist. This region has eu-central-1a, eu-central-1b, eu-central-1c",
    );
    await refused(
      ec2.create(type.volume, { availabilityZone: "eu-central-1a" }),
      "MissingParameter",
      "The request must contain the parameter size/snapshot",
    );
    await refused(make({ snapshotId: "snap-1" }), "InvalidSnapshot.NotFound", "The snapshot 'snap-1' does not exist.");
  });

  describe("are encrypted", () => {
    it("where they ask, and all of them once the region says so", async () => {
      const plain = await make();
      assert.deepEqual([plain.outputs["encrypted"], (await make({ encrypted: true })).outputs["encrypted"]], [false, true]);
      const always = await ec2.create(type.encryption);
      assert.equal((await make()).outputs["encrypted"], true);
      assert.equal((await change(plain, { size: 30 })).outputs["encrypted"], false);
      await ec2.stack.delete(always);
      assert.equal((await make()).outputs["encrypted"], false);
    });

    it("under a key that exists, if they ask for one", async () => {
      const { outputs } = await ec2.create(type.key);
      const kmsKeyId = outputs["arn"] as string;
      assert.equal((await make({ encrypted: true, kmsKeyId })).outputs["kmsKeyId"], kmsKeyId);
      await refused(make({ kmsKeyId }), "InvalidParameterDependency");
      const missing = "arn:aws:kms:eu-central-1:123456789012:key/none";
      await refused(
        make({ encrypted: true, kmsKeyId: missing }),
        "InvalidKmsKey.NotFound",
        `The specified KMS key ${missing} does not exist`,
      );
    });
  });

  describe("change in place", () => {
    it("their size, upwards, and their type with its speed", async () => {
      const volume = await make({ iops: 6000 });
      assert.deepEqual(ec2.replacing(type.volume, volume.inputs, asked({ size: 40, type: "gp2" })), []);
      await refused(
        change(volume, { size: 19 }),
        "InvalidParameterValue",
        "New size cannot be smaller than existing size (given: 19 GiB, existing: 20 GiB)",
      );
      assert.deepEqual(speed(await change(volume, { type: "gp2", size: 500 })), [1500, 0]);
    });

    it("and are made anew in another zone, or encrypted otherwise", () => {
      const now = asked({ availabilityZone: "eu-central-1b", encrypted: true });
      assert.deepEqual(ec2.replacing(type.volume, asked(), now), ["availabilityZone", "encrypted"]);
    });
  });

  describe("are attached", () => {
    let instance: Resource;
    let volume: Resource;
    beforeEach(async () => {
      const { subnet } = await ec2.network();
      instance = await ec2.create(type.instance, { ami: AMI, instanceType: "t4g.small", subnetId: subnet.id });
      volume = await make();
    });
    const attach = (disk: Resource, deviceName = "/dev/sdf"): Promise<Resource> =>
      ec2.create(type.volumeAttachment, { instanceId: instance.id, volumeId: disk.id, deviceName });

    it("to one instance of their zone, and cannot be deleted meanwhile", async () => {
      const attachment = await attach(volume);
      assert.match(attachment.id, /^vai-\d+$/);
      await refused(attach(volume, "/dev/sdg"), "VolumeInUse", `${volume.id} is already attached to an instance`);
      await refused(ec2.stack.delete(volume), "VolumeInUse", `Volume ${volume.id} is currently attached to ${instance.id}`);
      await ec2.stack.delete(attachment);
      await ec2.stack.delete(volume);
    });

    it("not across zones", async () => {
      const far = await make({ availabilityZone: "eu-central-1b" });
      const words = `The volume '${far.id}' is not in the same availability zone as instance '${instance.id}'`;
      await refused(attach(far), "InvalidVolume.ZoneMismatch", words);
    });

    it("under a device name that is free and looks like one", async () => {
      await attach(volume);
      const words = (device: string): string =>
        `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`;
      await refused(attach(await make()), "InvalidParameterValue", words("/dev/sdf"));
      await refused(attach(await make(), "/dev/xvda"), "InvalidParameterValue", words("/dev/xvda"));
      assert.deepEqual(ec2.faults(type.volumeAttachment, { deviceName: "disk1" }), [
        'deviceName: "disk1" is not allowed: device names look like /dev/sdf or xvdf',
      ]);
    });

    it("to many instances at once only if they are made for it", async () => {
      const shared = await make({ type: "io2", iops: 3000, multiAttachEnabled: true });
      await attach(shared);
      const { outputs } = instance;
      const second = await ec2.create(type.instance, {
        ami: AMI,
        instanceType: "t4g.small",
        subnetId: outputs["subnetId"] ?? null,
      });
      await ec2.create(type.volumeAttachment, { instanceId: second.id, volumeId: shared.id, deviceName: "/dev/sdf" });
    });

    it("to nothing that is not there", async () => {
      await refused(attach({ ...volume, id: "vol-1" }), "InvalidVolume.NotFound", "The volume 'vol-1' does not exist");
    });
  });
});
