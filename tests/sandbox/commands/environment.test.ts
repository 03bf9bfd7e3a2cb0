import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { attached, pulumiEnvironment, withoutCloudAccess } from "../../../sandbox/src/commands/environment.ts";

describe("the environment of the Pulumi CLI against a sandbox", () => {
  const context = { home: "/work/.sandbox", stack: "sandbox" };
  const environment = (base: NodeJS.ProcessEnv, daemon?: { providerPorts: Record<string, number> }): NodeJS.ProcessEnv =>
    pulumiEnvironment({ context, cli: { pathPrefix: ["/host"] }, base, ...(daemon && { daemon }) });

  it("keeps state and everything of the CLI's own in the sandbox's folder, and fetches nothing", () => {
    const env = environment({ PATH: "/usr/bin" });
    assert.deepEqual(
      [env["PULUMI_BACKEND_URL"], env["PULUMI_HOME"], env["PULUMI_STACK"]],
      ["file:///work/.sandbox/state", "/work/.sandbox/pulumi", "sandbox"],
    );
    assert.equal(env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"], "true");
    assert.equal(env["PULUMI_DEBUG_PROVIDERS"], undefined);
    assert.equal(env["PATH"], ["/host", dirname(process.execPath), "/usr/bin"].join(delimiter));
  });

  it("attaches to each provider of the daemon", () => {
    const env = environment({}, { providerPorts: { aws: 40_001, random: 40_002 } });
    assert.equal(env["PULUMI_DEBUG_PROVIDERS"], "aws:40001,random:40002");
    assert.equal(attached({ aws: 1 }), "aws:1");
  });

  it("leaves a person's access to real clouds and to another backend outside", () => {
    const secret = {
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_PROFILE: "prod",
      CLOUDFLARE_API_TOKEN: "t",
      KUBECONFIG: "/home/ada/.kube/config",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_API: "https://api.pulumi.com",
      PULUMI_CONFIG_PASSPHRASE: "own",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/ada/passphrase",
      PULUMI_DEBUG_PROVIDERS: "aws:1",
      PULUMI_STACK: "prod",
    };
    assert.deepEqual(withoutCloudAccess({ ...secret, HOME: "/home/ada", PULUMI_LOG_LEVEL: "3" }), {
      HOME: "/home/ada",
      PULUMI_LOG_LEVEL: "3",
    });
    const env = environment(secret);
    assert.deepEqual(
      Object.entries(secret).filter(([name, value]) => env[name] === value),
      [],
    );
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], "sandbox");
  });
});
