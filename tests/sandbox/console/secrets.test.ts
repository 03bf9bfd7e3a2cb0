import assert from "node:assert/strict";
import type { Props } from "../../../sandbox/src/core/values.ts";
import { concealed, secretsOf } from "../../../sandbox/src/console/secrets.ts";
import { PLANTED, resource, sample } from "./sample.ts";

describe("secrets on the console", () => {
  /** The secrets of one resource as they are, without their other spellings. */
  const found = (type: string, outputs: Props): string[] => {
    const spelt = secretsOf([resource(type, "it", "it-1", outputs)]);
    const base64 = new Set(spelt.map((secret) => Buffer.from(secret).toString("base64")));
    return spelt.filter((secret) => !base64.has(secret));
  };

  it("are found by the names of properties, at any depth", () => {
    assert.deepEqual(secretsOf(sample().resources), [Buffer.from(PLANTED).toString("base64"), PLANTED]);
    assert.deepEqual(found("aws:index:Any", { nested: [{ authToken: "deep-inside" }], masterPassword: "on-the-top" }), [
      "deep-inside",
      "on-the-top",
    ]);
  });

  it("are found by type where the name says nothing", () => {
    assert.deepEqual(found("random:index/randomPassword:RandomPassword", { result: "generated" }), ["generated"]);
    assert.deepEqual(found("aws:ssm/parameter:Parameter", { type: "SecureString", value: "parameter" }), ["parameter"]);
    assert.deepEqual(found("aws:ssm/parameter:Parameter", { type: "SecureString", valueWo: "parameter" }), ["parameter"]);
  });

  it("are found inside of a secret that is an object, but for what stands there in plain", () => {
    const secretString = JSON.stringify({
      username: "platform",
      password: "hidden-one",
      host: "db.internal",
      stripe: "sk_live_1",
    });
    assert.deepEqual(found("aws:secretsmanager/secretVersion:SecretVersion", { secretString }).slice(-2), [
      "hidden-one",
      "sk_live_1",
    ]);
    const text = "platform reaches db.internal with hidden-one";
    assert.equal(concealed(text, secretsOf([], [secretString])), "platform reaches db.internal with •••");
  });

  it("are struck as they stand in a URL, in JSON and in Base64", () => {
    const secrets = secretsOf([], ['p@ss/"word"']);
    for (const text of ["postgres://app:p%40ss%2F%22word%22@db/shop", '{"password":"p@ss/\\"word\\""}', "cEBzcy8id29yZCI="])
      assert.doesNotMatch(concealed(text, secrets), /p@ss|p%40ss|cEBz/, text);
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
