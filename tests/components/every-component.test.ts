import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as components from "../../components/index.ts";
import { readComponents } from "../support/component-docs.ts";
import { type Recorded, run } from "../support/record.ts";
import { identity } from "../support/stateful.ts";
import { examples, tags } from "./examples.ts";

const require = createRequire(import.meta.url);
const docs = readComponents();

/** Whether the provider's type takes tags; for groups of servers these are a list of another shape. */
function takesTags(type: string): boolean {
  const [provider = "", path = "", name = ""] = type.split(":");
  if (provider === "platform") return false;
  const folder = path.split("/")[0] === "index" ? "" : `${path.split("/")[0] ?? ""}/`;
  const file = require.resolve(`@pulumi/${provider}/${folder}${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
  const [, args = ""] = readFileSync(file, "utf8").split(`export interface ${name}Args {`);
  return /^ {4}tags\?: pulumi\.Input<\{$/m.test(args);
}

function isOwn({ type }: Recorded): boolean {
  return type.startsWith("platform:");
}

describe("every component", () => {
  it("has an example, and stands in components/index.ts", () => {
    const names = docs.map(({ name }) => name);
    assert.deepEqual(Object.keys(examples).sort(), [...names].sort());
    assert.deepEqual(
      names.filter((name) => !(name in components)),
      [],
    );
  });

  it("is asked for tags only where the provider takes them", () => {
    const types = [
      "aws:ec2/eip:Eip",
      "aws:ec2/eipAssociation:EipAssociation",
      "aws:sns/topic:Topic",
      "random:index/randomId:RandomId",
    ];
    assert.deepEqual(types.filter(takesTags), ["aws:ec2/eip:Eip", "aws:sns/topic:Topic"]);
  });

  for (const { args, concern, cost, name, outputs, text } of docs)
    describe(name, () => {
      const example = examples[name];
      let resources: readonly Recorded[] = [];
      let completed: readonly string[] = [];
      before(async () => {
        ({ completed, resources } = await run(() => {
          example?.();
        }));
      });

      it("says what it is, what it costs, what each argument and output means and what holds without an optional one", () => {
        assert.notEqual(text, "");
        assert.notEqual(cost, "");
        const members = [...args, ...outputs];
        assert.deepEqual(
          members.filter((member) => member.text === "").map((member) => member.name),
          [],
        );
        assert.deepEqual(
          args.filter(({ default: fallback, optional }) => optional !== (fallback !== undefined)).map((member) => member.name),
          [],
        );
      });

      it("is of the type platform:CONCERN:CLASS, and says when it is complete", () => {
        const [first] = resources;
        assert.equal(first?.type, `platform:${concern}:${name}`);
        // The stack itself is complete as well.
        const ended = completed.filter((urn) => !urn.includes("::pulumi:pulumi:Stack::"));
        const own = resources.filter(isOwn).map(({ urn }) => urn);
        assert.deepEqual(ended.sort(), own.sort());
      });

      it("is the parent of all that it makes, and puts its name before theirs", () => {
        const strangers = resources.filter(
          ({ name: child, urn }, index) =>
            index > 0 && (!urn.includes(`::platform:${concern}:${name}$`) || !child.startsWith("one-")),
        );
        assert.deepEqual(strangers.map(identity), []);
      });

      it("tags everything that takes tags", () => {
        const bare = resources.filter(({ inputs, type }) => {
          const given = (inputs["tags"] ?? {}) as Record<string, unknown>;
          return takesTags(type) && given["platform:name"] !== tags["platform:name"];
        });
        assert.deepEqual(bare.map(identity), []);
      });

      it("shows everything in a first preview, when no cloud has answered yet", async () => {
        const preview = await run(
          () => {
            example?.();
          },
          { preview: true },
        );
        assert.deepEqual(preview.resources.map(identity).sort(), resources.map(identity).sort());
      });
    });
});
