import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { localImage } from "../../../../sandbox/src/plane/images.ts";
import { root } from "../../../runner/groups.ts";
import { SHOP } from "../support/process.ts";

const dockerfile = readFileSync(join(SHOP, "Dockerfile"), "utf8");

describe("the shop's image", () => {
  it("runs the shop with Node itself as the program, which the sandbox plays", () => {
    const image = localImage(root, "ghcr.io/example/shop:0.1.0");
    assert.deepEqual(image.args, ["src/main.ts"]);
    assert.equal(image.folder, SHOP.replace(/\/$/, ""));
    assert.equal(image.environment["NODE_ENV"], "production");
    assert.equal(image.environment["NODE_COMPILE_CACHE"], join(SHOP, ".cache"));
  });

  it("has the version of Node that the tests run on, in every stage", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      devDependencies: { node: string };
    };
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    assert.deepEqual(
      bases,
      Array.from({ length: 2 }, () => `node:${devDependencies.node}-bookworm-slim`),
    );
  });

  it("does not run as root, and has neither tests nor the database for development", () => {
    assert.match(dockerfile, /^USER node$/m);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) => files.split(" "));
    assert.deepEqual(copied, [
      "package.json",
      "package-lock.json",
      "apps/shop/package.json",
      "apps/shop/public",
      "apps/shop/src",
    ]);
    // What is not copied is not sent to the builder either.
    const sent = readFileSync(join(SHOP, "Dockerfile.dockerignore"), "utf8").trim().split("\n");
    assert.deepEqual(sent, ["*", ...copied.map((file) => `!${file}`)]);
    assert.match(dockerfile, /npm ci .*--omit=dev --omit=optional --ignore-scripts/);
  });
});
