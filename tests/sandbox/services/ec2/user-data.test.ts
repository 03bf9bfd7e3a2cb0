import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, UNKNOWN } from "../../../../sandbox/src/core/values.ts";
import { AMI, Ec2Fixture, type } from "./support.ts";

describe("user data of the sandbox's instances", () => {
  let ec2: Ec2Fixture;
  let subnet: Resource;
  beforeEach(async () => {
    ec2 = new Ec2Fixture();
    ({ subnet } = await ec2.network());
  });
  afterEach(() => ec2.end());

  const asked = (more: Props): Props => ({ ami: AMI, instanceType: "t4g.small", subnetId: subnet.id, ...more });
  const faults = (more: Props): string[] => ec2.faults(type.instance, asked(more));
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  describe("are refused before anything is made", () => {
    const script =
      'the sandbox cannot run this server\'s user data: user data that begin with "#!/bin/bash" are not played by the sandbox; it plays #cloud-config';

    it("where they are a script, plain or in Base64", () => {
      assert.deepEqual(faults({ userData: "#!/bin/bash\nyum update" }), [`userData: ${script}`]);
      assert.deepEqual(faults({ userDataBase64: base64("#!/bin/bash\nyum update") }), [`userDataBase64: ${script}`]);
    });

    it("where they come from the launch template, unless the instance has its own", async () => {
      const { id } = await ec2.create(type.template, { name: "web", userData: base64("#!/bin/bash\n") });
      const template = { launchTemplate: { id, version: "$Latest" } };
      assert.deepEqual(faults(template), [`launchTemplate: ${script}`]);
      assert.deepEqual(faults({ launchTemplate: { name: "web" } }), [`launchTemplate: ${script}`]);
      assert.deepEqual(faults({ ...template, userData: "#cloud-config\n{}" }), []);
    });

    it("with everything that cannot be played, each on a line", () => {
      const config = "#cloud-config\npackages: [nginx]\nruncmd:\n  - reboot\n";
      assert.deepEqual(faults({ userData: config }), [
        [
          "userData: the sandbox cannot run this server's user data:",
          '  - the cloud-config key "packages" is not played by the sandbox; it plays write_files and runcmd',
          '  - runcmd: "reboot" is not played by the sandbox; it plays "dnf install" of docker and amazon-ecr-credential-helper, and "systemctl enable --now UNIT"',
        ].join("\n"),
      ]);
    });

    it("where they run an image that is no folder of the repository", () => {
      const [fault = ""] = faults({ userData: ec2.userData() });
      assert.match(fault, /image not found: ghcr.io\/example\/web:1.0.0. .* There are: caddy \(built in\)$/);
    });

    it("where they are too long, no Base64, or given twice", () => {
      assert.deepEqual(faults({ userData: "#".repeat(16 * 1024 + 1) }), [
        "userData: User data is limited to 16384 bytes; given: 16385",
      ]);
      assert.deepEqual(faults({ userDataBase64: "#cloud-config" }), ["userDataBase64: Invalid BASE64 encoding of user data"]);
      assert.deepEqual(faults({ userData: "#cloud-config", userDataBase64: base64("#cloud-config") }), [
        'userDataBase64: "userDataBase64" conflicts with "userData"',
      ]);
    });
  });

  it("may be unknown in a preview", () => {
    assert.deepEqual(faults({ userData: UNKNOWN }), []);
    assert.deepEqual(faults({ launchTemplate: { id: UNKNOWN, version: UNKNOWN } }), []);
  });

  it("that start nothing make an instance on which nothing runs", async () => {
    await ec2.create(type.instance, asked({ userData: "#cloud-config\n{}" }));
    assert.deepEqual(ec2.cloud.processes.list(), []);
  });

  it("of the platform's own servers start the product, with the role of the instance's profile", async () => {
    await ec2.withImage();
    const profile = await ec2.profile();
    const { id } = await ec2.create(type.instance, asked({ userData: ec2.userData(), iamInstanceProfile: profile.id }));
    const [program, ...more] = ec2.cloud.processes.list();
    assert.deepEqual([program?.name, program?.state, more.length], [`app-${id}`, "ready", 0]);
  });
});
