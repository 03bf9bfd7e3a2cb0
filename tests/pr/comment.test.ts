import assert from "node:assert/strict";
import type { Change } from "../../ladder/src/changes.ts";
import { breaches } from "../../ladder/src/guard.ts";
import { costOf } from "../../ladder/src/cost/estimate.ts";
import { commentOf, isRefused, MARK } from "../../pr/src/comment.ts";
import type { PolicyResult, StackChange } from "../../pr/src/stacks.ts";

const state = (inputs: Record<string, unknown>) => ({ inputs, protect: false, retainOnDelete: false, custom: true });
const change = (op: string, type: string, name: string, more: Partial<Change> = {}): Change => ({
  op,
  type,
  name,
  urn: `urn:pulumi:pr-monolith::platform::${type}::${name}`,
  replaceReasons: [],
  ...(op === "create" ? {} : { before: state({}) }),
  ...(op === "delete" ? {} : { after: state({}) }),
  ...more,
});
const stackOf = (changes: readonly Change[], policies: readonly PolicyResult[] = []): StackChange => ({
  stack: "monolith",
  changes,
  policies,
  breaches: breaches(changes),
  cost: costOf(changes),
  sarif: "{}",
});
const violation: PolicyResult = {
  rule: "key-rotates",
  severity: "medium",
  level: "mandatory",
  kind: "violation",
  name: "data",
  type: "aws:kms/key:Key",
  message: "enableKeyRotation is false; it must be true.",
  remediation: "Set enableKeyRotation to true.",
  page: "docs/policies/key-rotates.md",
};

describe("the comment on a pull request", () => {
  it("says that nothing changes where nothing does, and begins with the mark by which it is found again", () => {
    const stack = stackOf([change("same", "aws:sqs/queue:Queue", "jobs")]);
    const comment = commentOf([stack], "origin/main");
    assert.ok(comment.startsWith(`${MARK}\n\n## What this changes, compared with origin/main\n\nNothing is refused.\n`));
    assert.match(comment, /\*\*Resources:\*\* none changes\./);
    assert.match(comment, /idle 0 → 0 \(\+0\), fully grown 0 → 0 \(\+0\)/);
    assert.equal(isRefused(stack), false);
  });

  it("lists each resource that changes once, with what a replacement is because of", () => {
    const comment = commentOf(
      [
        stackOf([
          change("create", "aws:sqs/queue:Queue", "jobs"),
          change("update", "aws:ec2/vpc:Vpc", "network"),
          change("create-replacement", "aws:ec2/eip:Eip", "address", { replaceReasons: ["domain"] }),
          change("replace", "aws:ec2/eip:Eip", "address", { replaceReasons: ["domain"] }),
          change("delete-replaced", "aws:ec2/eip:Eip", "address"),
        ]),
      ],
      "main",
    );
    assert.ok(
      comment.includes(
        [
          "**Resources:** 1 to create, 1 to update, 1 to replace.",
          "",
          "```diff",
          "+  aws:sqs/queue:Queue  jobs",
          "~  aws:ec2/vpc:Vpc  network",
          "+- aws:ec2/eip:Eip  address  because of domain",
          "```",
        ].join("\n"),
      ),
      comment,
    );
  });

  it("refuses what deletes data, and says which", () => {
    const stack = stackOf([change("delete", "aws:rds/cluster:Cluster", "shop")]);
    assert.equal(isRefused(stack), true);
    const comment = commentOf([stack], "main");
    assert.match(comment, /\*\*It cannot be merged as it is:\*\*/);
    assert.match(comment, /\*\*Data would be lost:\*\*\n- `shop` \(aws:rds\/cluster:Cluster\) would be deleted: /);
  });

  it("refuses what violates a mandatory rule, counts advice, and never counts what is exempt or unknown", () => {
    const advice: PolicyResult = { ...violation, level: "advisory" };
    const unknown: PolicyResult = { ...violation, kind: "unknown" };
    const exempt: PolicyResult = { ...violation, waived: { reason: "a copy" } };
    assert.equal(isRefused(stackOf([], [advice, unknown, exempt])), false);
    const stack = stackOf([], [violation, advice, unknown, exempt]);
    assert.equal(isRefused(stack), true);
    assert.ok(
      commentOf([stack], "main").includes(
        "**Policies:** 1 mandatory rule violated, 1 advice, 1 unknown until the update.\n" +
          "- `key-rotates` (medium) on `data`: enableKeyRotation is false; it must be true. Set enableKeyRotation to true.",
      ),
    );
  });
});
