import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGE_HOST_DIRECTORY } from "../../../sandbox/src/toolchain/resolve.ts";
import { PULUMI_VERSION, isAccepted, parseVersion } from "../../../sandbox/src/toolchain/versions.ts";

const toolchain = new URL("../../../sandbox/toolchain/", import.meta.url);

describe("the version of the Pulumi CLI", () => {
  it("is the same in the code and in the Go module that builds it", () => {
    assert.match(readFileSync(new URL("go/go.mod", toolchain), "utf8"), new RegExp(`pulumi/pkg/v3 v${PULUMI_VERSION}\n`));
  });

  it("is read from what the CLI prints", () => {
    assert.deepEqual(parseVersion("v3.259.0\n"), [3, 259, 0]);
    assert.deepEqual(parseVersion("3.260.1-alpha.7+abc.dirty"), [3, 260, 1]);
    assert.equal(parseVersion("command not found"), undefined);
  });

  it("is accepted from 3.200.0 on, within version 3", () => {
    const table = { "v3.199.9": false, "v3.200.0": true, "v3.259.0": true, "v4.0.0": false, "v2.300.0": false, nonsense: false };
    for (const [version, accepted] of Object.entries(table)) assert.equal(isAccepted(version), accepted, version);
  });

  it("comes with language host scripts that can be executed", () => {
    for (const file of [
      join(LANGUAGE_HOST_DIRECTORY, "pulumi-language-nodejs"),
      new URL("go/pulumi-language-nodejs", toolchain).pathname,
    ]) {
      assert.equal(statSync(file).mode & 0o111, 0o111, file);
    }
  });
});
