import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import type * as LanguageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as EmptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructProto from "google-protobuf/google/protobuf/struct_pb.js";
import { LANGUAGE_HOST_FOLDER, PULUMI_VERSION } from "../../../sandbox/src/toolchain/pulumi-cli.ts";

const require = createRequire(import.meta.url);
const language = require("@pulumi/pulumi/proto/language_pb.js") as typeof Language;
const { LanguageRuntimeClient } = require("@pulumi/pulumi/proto/language_grpc_pb.js") as typeof LanguageService;
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js") as typeof EmptyProto;
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js") as typeof StructProto;

// Stands where a program has Pulumi's SDK installed: writes down what it was started with, and ends as the program's name says.
const FAKE_SDK = `
const { basename } = require("node:path");
const entry = process.argv.at(-1);
require("node:fs").writeFileSync("seen.json", JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), env: process.env }));
process.exit(Number(/\\d+/.exec(basename(entry))?.[0] ?? 0));
`;
const FAKE_POLICY_RUNNER = `
console.log("4242");
console.error(JSON.stringify([process.argv.slice(2), process.cwd(), process.env.FOR_THE_PACK]));
process.exit(7);
`;

type Options = Record<string, string | boolean>;

/** What the fake SDK wrote down. */
interface Seen {
  args: string[];
  cwd: string;
  env: Record<"PULUMI_CONFIG" | "PULUMI_CONFIG_SECRET_KEYS", string>;
}

describe("the language host", () => {
  let folder: string;
  let host: ChildProcess;
  let client: LanguageService.LanguageRuntimeClient;
  const run = (asked: Language.RunRequest): Promise<Language.RunResponse> => answer((done) => client.run(asked, done));
  const greet = (): Promise<Language.LanguageHandshakeResponse> =>
    answer((done) => client.handshake(new language.LanguageHandshakeRequest().setEngineAddress("127.0.0.1:9"), done));

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "language-host-")));
    for (const [name, text] of [
      ["run", FAKE_SDK],
      ["run-policy-pack", FAKE_POLICY_RUNNER],
    ] as const) {
      const sdk = join(folder, "node_modules/@pulumi/pulumi/cmd", name);
      mkdirSync(sdk, { recursive: true });
      writeFileSync(join(sdk, "index.js"), text);
    }
    writeFileSync(join(folder, "node_modules/@pulumi/pulumi/package.json"), '{"name":"@pulumi/pulumi"}');
    // Started as the engine starts it: by name, from the PATH.
    const env = { ...process.env, PATH: [LANGUAGE_HOST_FOLDER, process.env["PATH"]].join(delimiter) };
    host = spawn("pulumi-language-nodejs", ["127.0.0.1:1"], { env, cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    assert.ok(host.stdout);
    const [port] = await once(createInterface(host.stdout), "line");
    client = new LanguageRuntimeClient(`127.0.0.1:${String(port)}`, credentials.createInsecure());
  });

  after(async () => {
    client.close();
    const ended = once(host, "exit");
    // The engine holds this end. When it dies, however it dies, the host is not to stay behind.
    host.stdin?.end();
    assert.deepEqual(await ended, [0, null]);
    rmSync(folder, { recursive: true, force: true });
  });

  const info = (entry: string, options: Options): Language.ProgramInfo =>
    new language.ProgramInfo()
      .setRootDirectory(folder)
      .setProgramDirectory(folder)
      .setEntryPoint(entry)
      .setOptions(Struct.fromJavaScript(options));
  const request = (entry: string, options: Options = { typescript: false }): Language.RunRequest =>
    new language.RunRequest()
      .setProject("platform")
      .setStack("sandbox")
      .setPwd(folder)
      .setParallel(4)
      .setMonitorAddress("127.0.0.1:2")
      .setInfo(info(entry, options));
  const seen = (): Seen => JSON.parse(readFileSync(join(folder, "seen.json"), "utf8"));

  it("shakes hands and says which release it goes with", async () => {
    assert.ok(await greet());
    const plugin = await answer<Plugin.PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
    assert.equal(plugin.getVersion().replace(/^v?/, "v"), PULUMI_VERSION);
    const about = await answer<Language.AboutResponse>((done) => client.about(new language.AboutRequest(), done));
    assert.equal(about.getVersion(), process.version);
  });

  it("tells the engine to bail when the program has said what is wrong, by exit code 32", async () => {
    const response = await run(request("ends-with-32.ts"));
    assert.equal(response.getBail(), true);
    assert.equal(response.getError(), "");
  });

  it("reports any other exit code as an error, and none for 0", async () => {
    assert.match((await run(request("ends-with-3.ts"))).getError(), /the program ended with exit code 3/);
    const good = await run(request("ends-with-0.ts"));
    assert.deepEqual([good.getError(), good.getBail()], ["", false]);
  });

  it("gives the program its addresses, names and configuration", async () => {
    await greet();
    const asked = request("index.ts").setDryrun(true).setOrganization("org").setConfigsecretkeysList(["platform:token"]);
    asked.getConfigMap().set("platform:token", "s").set("aws:region", "eu-central-1");
    assert.equal((await run(asked)).getError(), "");
    const { args, cwd, env } = seen();
    const given = args.join(" ");
    for (const part of [
      "--monitor 127.0.0.1:2 --engine 127.0.0.1:9",
      "--project platform --stack sandbox",
      "--organization org",
      `--pwd ${folder}`,
      `--root-directory ${folder}`,
      "--parallel 4",
      "--dry-run",
    ]) {
      assert.ok(given.includes(part), `${part} is not in ${given}`);
    }
    assert.equal(args.at(-1), join(folder, "index.ts"));
    assert.equal(cwd, folder);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG), { "platform:token": "s", "aws:region": "eu-central-1" });
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS), ["platform:token"]);
  });

  it("says what to do where the SDK is not installed", async () => {
    const bare = realpathSync(mkdtempSync(join(tmpdir(), "bare-")));
    const asked = request("index.ts").setPwd(bare);
    asked.setInfo(info("index.ts", {}).setProgramDirectory(bare));
    const response = await run(asked);
    rmSync(bare, { recursive: true });
    assert.match(response.getError(), /@pulumi\/pulumi is not installed here; run `npm ci`/);
  });

  it("serves a policy pack and passes on what it says and how it ends", async () => {
    const asked = new language.RunPluginRequest()
      .setKind("analyzer")
      .setInfo(info(".", {}))
      .setArgsList(["127.0.0.1:9"])
      .setEnvList(["FOR_THE_PACK=a=b"]);
    const said = { stdout: "", stderr: "" };
    let exit: number | undefined;
    for await (const part of client.runPlugin(asked) as AsyncIterable<Language.RunPluginResponse>) {
      said.stdout += Buffer.from(part.getStdout_asU8()).toString();
      said.stderr += Buffer.from(part.getStderr_asU8()).toString();
      if (part.hasExitcode()) exit = part.getExitcode();
    }
    assert.equal(said.stdout, "4242\n");
    assert.deepEqual(JSON.parse(said.stderr), [["127.0.0.1:9", folder], folder, "a=b"]);
    assert.equal(exit, 7);
  });

  it("refuses by name what it does not do", async () => {
    const packed = answer((done) => client.pack(new language.PackRequest(), done));
    await assert.rejects(packed, { code: status.UNIMPLEMENTED, details: /packing an SDK: not offered/ });
  });
});

/** The answer to one call, as a promise. */
function answer<Response>(ask: (done: (error: ServiceError | null, response: Response) => void) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    ask((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
