import assert from "node:assert/strict";
import { text } from "../../../../sandbox/src/core/values.ts";
import { policyOf, TRUST_EC2 } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { IamFixture, READ, type } from "./support.ts";

const AWS_OWN = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/** A policy document of about so many characters, white space not counted. */
const ofSize = (size: number): string => {
  const empty = policyOf({ Action: "s3:GetObject", Resource: "arn:aws:s3:::" });
  return empty.replace("arn:aws:s3:::", `arn:aws:s3:::${"x".repeat(size - empty.length)}`);
};

describe("roles of IAM", () => {
  let iam: IamFixture;
  beforeEach(() => (iam = new IamFixture()));
  afterEach(() => iam.cloud.end());

  it("have the outputs that the provider computes", async () => {
    const { id, outputs } = await iam.role({ path: "/team/", description: "the app" });
    assert.equal(id, "app");
    assert.equal(outputs["arn"], "arn:aws:iam::123456789012:role/team/app");
    assert.match(text(outputs, "uniqueId"), /^AROA[A-Z2-7]{17}$/);
    assert.equal(outputs["createDate"], "2026-03-01T12:00:00Z");
    assert.deepEqual([outputs["maxSessionDuration"], outputs["forceDetachPolicies"]], [3600, false]);
  });

  it("have a name that is the account's only one, whatever the capitals", async () => {
    await iam.role();
    await refused(iam.role({ name: "App" }), "EntityAlreadyExists", "Role with name App already exists.");
  });

  it("are named by a prefix and 26 characters, or after the resource", async () => {
    assert.match((await iam.make(type.role, { namePrefix: "app-", assumeRolePolicy: TRUST_EC2 })).id, /^app-[0-9a-f]{26}$/);
    assert.match((await iam.make(type.role, { assumeRolePolicy: TRUST_EC2 })).id, /^r2-[0-9a-f]{7}$/);
  });

  for (const [inputs, fault] of [
    [{ name: "a b" }, /^name: "a b" is not allowed: letters, digits and _\+=,\.@- are$/],
    [{ name: "x".repeat(65) }, /^name: .*allowed: 1 to 64 characters$/],
    [{ name: "app", namePrefix: "app-" }, /"namePrefix" conflicts with "name": give one of them/],
    [{ path: "team" }, /^path: "team" is not allowed: a path begins and ends with a slash, such as \/service\/$/],
    [{ maxSessionDuration: 3599 }, /^maxSessionDuration: 3599 is out of range; allowed: 3600 to 43200$/],
    [{ description: "“quoted”" }, /^description: .*no specially formatted quotes/],
    [{ permissionsBoundary: "admin" }, /^permissionsBoundary: "admin" is not allowed: expected an ARN/],
    [{ assumeRolePolicy: "{" }, /^assumeRolePolicy: MalformedPolicyDocument: This policy contains invalid Json/],
    [{ assumeRolePolicy: READ }, /AssumeRole policy may only specify STS AssumeRole actions\.$/],
    [
      { inlinePolicies: [{ name: "own", policy: policyOf({ Action: "s3:Fetch", Resource: "*" }) }] },
      /^inlinePolicies\[\]\.policy: .*s3 has no such action/,
    ],
    [{ inlinePolicies: [{ name: "a b", policy: READ }] }, /^inlinePolicies\[\]\.name: "a b" is not allowed/],
  ] as const) {
    it(`are refused before they are made with ${JSON.stringify(inputs).slice(0, 100)}`, () => {
      assert.match(iam.faults(type.role, { name: "app", assumeRolePolicy: TRUST_EC2, ...(inputs as object) }), fault);
    });
  }

  describe("trust only who is there:", () => {
    const trusting = (Principal: object) => iam.role({ assumeRolePolicy: policyOf({ Action: "sts:AssumeRole", Principal }) });

    for (const [what, principal] of [
      ["a service", { Service: "backup.amazonaws.com" }],
      ["the account", { AWS: "123456789012" }],
      ["another account, into which nobody can look", { AWS: "arn:aws:iam::210987654321:role/ci" }],
      ["the operator", { AWS: "arn:aws:iam::123456789012:user/operator" }],
      [
        "a service-linked role, which AWS makes itself",
        { AWS: "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/X" },
      ],
      ["an identity provider of the web", { Federated: "cognito-identity.amazonaws.com" }],
    ] as const) {
      it(what, async () => {
        assert.equal((await trusting(principal)).id, "app");
      });
    }

    for (const [principal, shown] of [
      [{ AWS: "arn:aws:iam::123456789012:role/ghost" }, '"AWS":"arn:aws:iam::123456789012:role/ghost"'],
      [{ AWS: "ghost" }, '"AWS":"ghost"'],
      [{ Service: "ec2" }, '"SERVICE":"ec2"'],
      [
        { Federated: "arn:aws:iam::123456789012:oidc-provider/ghost" },
        '"FEDERATED":"arn:aws:iam::123456789012:oidc-provider/ghost"',
      ],
    ] as const) {
      it(`not ${shown}`, () => refused(trusting(principal), "MalformedPolicyDocument", `Invalid principal in policy: ${shown}`));
    }

    it("a provider of the account's own, once it is there", async () => {
      const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
      const made = await iam.make(type.oidc, {
        url: "https://token.actions.githubusercontent.com/",
        clientIdLists: ["sts.amazonaws.com"],
      });
      assert.deepEqual([made.id, made.outputs["url"]], [arn, "token.actions.githubusercontent.com"]);
      await trusting({ Federated: arn });
      const again = iam.make(type.oidc, { url: "https://token.actions.githubusercontent.com", clientIdLists: ["x"] });
      await refused(
        again,
        "EntityAlreadyExists",
        "Provider with url https://token.actions.githubusercontent.com already exists.",
      );
      assert.match(iam.faults(type.oidc, { url: "http://x", clientIdLists: ["x"] }), /an https URL without a query/);
    });
  });

  describe("hold no more than their quotas:", () => {
    it("ten managed policies, those in the role and those attached together", async () => {
      const arns: string[] = [];
      for (let index = 0; index < 11; index++) arns.push((await iam.policy({ name: `p${index}` })).id);
      await iam.role({ managedPolicyArns: arns.slice(0, 4) });
      for (const arn of arns.slice(4, 10)) await iam.attach(arn);
      await refused(iam.attach(arns[10] ?? ""), "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10");
      const more = { name: "app", assumeRolePolicy: TRUST_EC2, managedPolicyArns: [...arns.slice(0, 4), arns[10] ?? ""] };
      await refused(iam.stack.update(iam.row(type.role, "app"), "r12", more), "LimitExceeded");
    });

    it("10,240 characters of inline policies, those in the role and those beside it together", async () => {
      const words = "Maximum policy size of 10240 bytes exceeded for role app";
      await iam.role({ inlinePolicies: [{ name: "own", policy: ofSize(5000) }] });
      const beside = await iam.make(type.rolePolicy, { role: "app", name: "beside", policy: ofSize(5240) });
      await refused(iam.make(type.rolePolicy, { role: "app", name: "more", policy: READ }), "LimitExceeded", words);
      await refused(
        iam.stack.update(beside, "r2", { role: "app", name: "beside", policy: ofSize(5241) }),
        "LimitExceeded",
        words,
      );
      await iam.stack.update(beside, "r2", { role: "app", name: "beside", policy: `  ${ofSize(5240)}\n\n` });
      const grown = { name: "app", assumeRolePolicy: TRUST_EC2, inlinePolicies: [{ name: "own", policy: ofSize(5001) }] };
      await refused(iam.stack.update(iam.row(type.role, "app"), "r1", grown), "LimitExceeded", words);
    });

    it("2,048 characters of trust", async () => {
      const services = Array.from({ length: 80 }, (_, index) => `service-number-${index}.amazonaws.com`);
      const assumeRolePolicy = policyOf({ Action: "sts:AssumeRole", Principal: { Service: services } });
      await refused(iam.role({ assumeRolePolicy }), "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048");
    });

    it("6,144 characters of a managed policy", async () => {
      await iam.policy({ policy: ofSize(6144) });
      await refused(
        iam.policy({ name: "longer", policy: ofSize(6145) }),
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
      );
    });
  });

  describe("are deleted", () => {
    const remove = () => iam.stack.delete(iam.row(type.role, "app"));

    it("only without policies attached to them", async () => {
      await iam.role();
      const attachment = await iam.attach(AWS_OWN);
      await refused(remove(), "DeleteConflict", "Cannot delete entity, must detach all policies first.");
      await iam.stack.delete(attachment);
      await remove();
    });

    it("only without policies written into them from beside", async () => {
      await iam.role();
      const policy = await iam.make(type.rolePolicy, { role: "app", policy: READ });
      await refused(remove(), "DeleteConflict", "Cannot delete entity, must delete policies first.");
      await iam.stack.delete(policy);
      await remove();
    });

    it("with all of them where the program said forceDetachPolicies", async () => {
      await iam.role({ forceDetachPolicies: true });
      await iam.attach(AWS_OWN);
      await iam.make(type.rolePolicy, { role: "app", policy: READ });
      await remove();
      assert.deepEqual(iam.cloud.world.all(), []);
    });

    it("out of their instance profiles, which stay", async () => {
      await iam.role();
      const profile = await iam.make(type.profile, { name: "app", role: "app" });
      await remove();
      assert.equal(iam.row(type.profile, profile.id).outputs["role"], "");
    });
  });

  it("are told to be missing, in IAM's words", async () => {
    const words = "The role with name ghost cannot be found.";
    await refused(iam.attach(AWS_OWN, "ghost"), "NoSuchEntity", words);
    await refused(iam.make(type.rolePolicy, { role: "ghost", policy: READ }), "NoSuchEntity", words);
    await refused(iam.make(type.profile, { role: "ghost" }), "NoSuchEntity", words);
  });
});

describe("managed policies of IAM", () => {
  let iam: IamFixture;
  beforeEach(() => (iam = new IamFixture()));
  afterEach(() => iam.cloud.end());

  it("have the outputs that the provider computes, and count who has them", async () => {
    const { id, outputs } = await iam.policy({ path: "/team/" });
    assert.equal(id, "arn:aws:iam::123456789012:policy/team/read");
    assert.match(text(outputs, "policyId"), /^ANPA[A-Z2-7]{17}$/);
    assert.deepEqual([outputs["arn"], outputs["policy"], outputs["attachmentCount"]], [id, READ, 0]);
    await iam.role({ managedPolicyArns: [id] });
    await iam.role({ name: "web" });
    await iam.attach(id, "web");
    const read = await iam.stack.engine.read(type.policy, id, REGION);
    assert.equal(read?.outputs["attachmentCount"], 2);
  });

  it("have a name that is the account's only one", async () => {
    await iam.policy();
    await refused(iam.policy(), "EntityAlreadyExists", "A policy called read already exists. Duplicate names are not allowed.");
  });

  it("are not deleted while a role has them, as one of its own, attached, or as its boundary", async () => {
    const policy = await iam.policy();
    const words = "Cannot delete a policy attached to entities.";
    const own = await iam.role({ managedPolicyArns: [policy.id] });
    await refused(iam.stack.delete(policy), "DeleteConflict", words);
    const bounded = await iam.stack.update(own, "r2", {
      name: "app",
      assumeRolePolicy: TRUST_EC2,
      permissionsBoundary: policy.id,
    });
    await refused(iam.stack.delete(policy), "DeleteConflict", words);
    await iam.stack.update(bounded, "r2", { name: "app", assumeRolePolicy: TRUST_EC2 });
    const attachment = await iam.attach(policy.id);
    await refused(iam.stack.delete(policy), "DeleteConflict", words);
    await iam.stack.delete(attachment);
    await iam.stack.delete(policy);
  });

  it("are attached only if they are there, the account's own and AWS's", async () => {
    await iam.role();
    const { id } = await iam.attach(AWS_OWN);
    assert.equal(id, `app/${AWS_OWN}`);
    const ghost = "arn:aws:iam::123456789012:policy/ghost";
    await refused(iam.attach(ghost), "NoSuchEntity", `Policy ${ghost} does not exist or is not attachable.`);
    await refused(iam.role({ name: "web", managedPolicyArns: [ghost] }), "NoSuchEntity");
    await refused(iam.role({ name: "web", permissionsBoundary: ghost }), "NoSuchEntity");
  });

  it("of AWS whose text the sandbox does not have are told to grant nothing, to roles of workloads", async () => {
    await iam.role();
    await iam.attach("arn:aws:iam::aws:policy/AmazonS3FullAccess");
    await iam.attach("arn:aws:iam::aws:policy/constructor");
    assert.deepEqual(iam.cloud.notes, [
      "arn:aws:iam::aws:policy/AmazonS3FullAccess grants app nothing here: the sandbox does not have the text of that policy.",
      "arn:aws:iam::aws:policy/constructor grants app nothing here: the sandbox does not have the text of that policy.",
    ]);
  });

  it("are refused before they are made if they do not parse or name an action that is none", () => {
    const faults = (policy: string) => iam.faults(type.policy, { name: "read", policy });
    assert.match(faults("{"), /^policy: MalformedPolicyDocument: This policy contains invalid Json/);
    assert.match(faults(policyOf({ Action: "s3:GetObjekt", Resource: "*" })), /the nearest is s3:GetObject$/);
  });
});

describe("instance profiles of IAM", () => {
  let iam: IamFixture;
  beforeEach(() => (iam = new IamFixture()));
  afterEach(() => iam.cloud.end());

  it("hold one role, which can be changed in place", async () => {
    await iam.role();
    await iam.role({ name: "web" });
    const profile = await iam.make(type.profile, { name: "profile", role: "app" });
    assert.equal(profile.outputs["arn"], "arn:aws:iam::123456789012:instance-profile/profile");
    assert.match(text(profile.outputs, "uniqueId"), /^AIPA[A-Z2-7]{17}$/);
    const updated = await iam.stack.update(profile, "r3", { name: "profile", role: "web" });
    assert.deepEqual([updated.id, updated.outputs["role"]], ["profile", "web"]);
  });

  it("have a name that is the account's only one", async () => {
    await iam.make(type.profile, { name: "profile" });
    await refused(iam.make(type.profile, { name: "profile" }), "EntityAlreadyExists", "Instance Profile profile already exists.");
  });
});
