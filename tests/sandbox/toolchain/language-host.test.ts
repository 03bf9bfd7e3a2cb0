import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { LanguageHost } from "../../../sandbox/src/toolchain/language-host.ts";

/** Stands where `@pulumi/pulumi/cmd/run` would: says how it was called, then does what its first argument after the entry says. */
const RUNNER = `
const fs = require("node:fs");
fs.writeFileSync(process.env.SEEN, JSON.stringify({ args: process.argv.slice(2), config: process.env.PULUMI_CONFIG, secrets: process.env.PULUMI_CONFIG_SECRET_KEYS }));
const order = process.argv.at(-1);
if (order === "hang") setInterval(() => {}, 1000);
else process.exit(Number(order));
`;
const POLICY_RUNNER = `console.log("4711"); console.error(process.argv.slice(2).join(" ") + " in " + process.cwd()); process.exit(7);`;

describe("the language host", () => {
  let place: string;
  let host: LanguageHost;
  let server: grpc.Server;
  let client: InstanceType<typeof services.LanguageRuntimeClient>;

  before(async () => {
    place = mkdtempSync(join(tmpdir(), "language-host-"));
    for (const [name, text] of [
      ["run", RUNNER],
      ["run-policy-pack", POLICY_RUNNER],
    ] as const) {
      const directory = join(place, "node_modules", "@pulumi", "pulumi", "cmd", name);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "index.js"), text);
    }
    writeFileSync(join(place, "node_modules", "@pulumi", "pulumi", "package.json"), '{"version":"3.270.0"}');
    writeFileSync(join(place, "package.json"), '{"dependencies":{"@pulumi/pulumi":"^3","left-pad":"1.0.0"}}');
    process.env["SEEN"] = join(place, "seen.json");
    host = new LanguageHost("127.0.0.1:1");
    server = new grpc.Server();
    const port = await host.listen(server);
    client = new services.LanguageRuntimeClient(`127.0.0.1:${String(port)}`, grpc.credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await host.close();
    server.forceShutdown();
    delete process.env["SEEN"];
    rmSync(place, { recursive: true, force: true });
  });

  const info = (directory = place): language.ProgramInfo =>
    new language.ProgramInfo().setRootDirectory(directory).setProgramDirectory(directory).setEntryPoint("index.ts");
  const request = (order: string): language.RunRequest => {
    const made = new language.RunRequest()
      .setInfo(info())
      .setPwd(place)
      .setProject("shop")
      .setStack("dev")
      .setMonitorAddress("127.0.0.1:2");
    made.setParallel(4).setDryrun(true).setArgsList([order]).setConfigsecretkeysList(["shop:key"]);
    made.getConfigMap().set("shop:key", "value");
    return made;
  };
  const run = (order: string): Promise<language.RunResponse> =>
    new Promise((done, failed) => {
      client.run(request(order), (error, response) => {
        if (error) failed(error);
        else done(response);
      });
    });

  it("hands the program everything the engine gave, and reports success", async () => {
    const response = await run("0");
    assert.deepEqual([response.getError(), response.getBail()], ["", false]);
    const { readFileSync } = await import("node:fs");
    const seen = JSON.parse(readFileSync(join(place, "seen.json"), "utf8")) as {
      args: string[];
      config: string;
      secrets: string;
    };
    const expected = "--monitor 127.0.0.1:2 --engine 127.0.0.1:1 --project shop --stack dev";
    assert.equal(
      seen.args.join(" "),
      `${expected} --pwd ${place} --root-directory ${place} --parallel 4 --dry-run ${place}/index.ts 0`,
    );
    assert.deepEqual([seen.config, seen.secrets], ['{"shop:key":"value"}', '["shop:key"]']);
  });

  it("bails at exit code 32, since the program has already said what is wrong", async () => {
    const response = await run("32");
    assert.deepEqual([response.getError(), response.getBail()], ["", true]);
  });

  it("reports any other exit code as an error", async () => {
    assert.equal((await run("5")).getError(), "the program ended with exit code 5");
  });

  it("ends the program when the engine cancels", async () => {
    const running = run("hang");
    const cancel = (): Promise<unknown> =>
      new Promise((done, failed) => {
        client.cancel(new empty.Empty(), (error, response) => {
          if (error) failed(error);
          else done(response);
        });
      });
    // The run is under way once its child exists; a cancel that comes before finds nothing to end, so it is asked again.
    let ended = false;
    const watched = running.then((response) => {
      ended = true;
      return response;
    });
    const again = async (): Promise<void> => {
      while (!ended) await cancel();
    };
    const [response] = await Promise.all([watched, again()]);
    assert.equal(response.getBail(), true);
  });

  it("runs a policy pack from its own folder and passes on its output and exit code", async () => {
    const call = client.runPlugin(
      new language.RunPluginRequest().setInfo(info()).setKind("analyzer").setArgsList(["127.0.0.1:1"]).setPwd("/"),
    );
    let [stdout, stderr, code] = ["", "", -1];
    for await (const part of call as AsyncIterable<language.RunPluginResponse>) {
      stdout += Buffer.from(part.getStdout_asU8()).toString();
      stderr += Buffer.from(part.getStderr_asU8()).toString();
      if (part.hasExitcode()) code = part.getExitcode();
    }
    assert.equal(stdout, "4711\n");
    assert.equal(stderr, `127.0.0.1:1 ${place} in ${place}\n`);
    assert.equal(code, 7);
  });

  it("lists what the program depends on, as installed or as asked for", async () => {
    const response = await new Promise<language.GetProgramDependenciesResponse>((done, failed) => {
      client.getProgramDependencies(new language.GetProgramDependenciesRequest().setInfo(info()), (error, found) => {
        if (error) failed(error);
        else done(found);
      });
    });
    const list = response.getDependenciesList().map((entry) => `${entry.getName()} ${entry.getVersion()}`);
    assert.deepEqual(list, ["@pulumi/pulumi 3.270.0", "left-pad 1.0.0"]);
  });

  it("says what it does not offer", async () => {
    await assert.rejects(
      new Promise((done, failed) => {
        client.generateProgram(new language.GenerateProgramRequest(), (error, response) => {
          if (error) failed(error);
          else done(response);
        });
      }),
      /UNIMPLEMENTED: program generation: not offered by this language host; install the official Pulumi CLI/,
    );
  });
});
