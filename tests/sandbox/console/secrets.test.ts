import assert from "node:assert/strict";
import type { Props } from "../../../sandbox/src/core/values.ts";
import { concealed, secretsOf } from "../../../sandbox/src/console/secrets.ts";
import { PLANTED, resource, sample } from "./sample.ts";

describe("secrets on the console", () => {
  const found = (type: string, outputs: Props): string[] => secretsOf([resource(type, "it", "it-1", outputs)]);

  it("are found by the names of properties, at any depth", () => {
    assert.deepEqual(secretsOf(sample().resources), [PLANTED]);
    assert.deepEqual(found("aws:index:Any", { nested: [{ authToken: "deep-inside" }], masterPassword: "on-the-top" }), [
      "deep-inside",
      "on-the-top",
    ]);
  });

  it("are found by type where the name says nothing", () => {
    assert.deepEqual(found("random:index/randomPassword:RandomPassword", { result: "generated" }), ["generated"]);
    assert.deepEqual(found("aws:ssm/parameter:Parameter", { type: "SecureString", value: "parameter" }), ["parameter"]);
  });

  it("are not made of what is no secret", () => {
    assert.deepEqual(found("random:index/randomPet:RandomPet", { result: "happy-panda" }), []);
    assert.deepEqual(found("aws:ssm/parameter:Parameter", { type: "String", value: "parameter" }), []);
    assert.deepEqual(found("aws:ec2/launchTemplate:LaunchTemplate", { metadataOptions: { httpTokens: "required" } }), []);
    assert.deepEqual(
      found("aws:rds/cluster:Cluster", { manageMasterUserPassword: true, password: "arn:aws:secretsmanager:x" }),
      [],
    );
  });

  it("are struck from every text, the longer ones first", () => {
    const secrets = secretsOf([], ["secret", "secret-and-more"]);
    assert.deepEqual(concealed({ a: ["x secret-and-more y", { b: "secret" }], c: 1 }, secrets), {
      a: ["x ••• y", { b: "•••" }],
      c: 1,
    });
  });
});
