import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ImageError, imageName, isProxyImage, type LocalImage, localImage } from "../../../sandbox/src/plane/images.ts";
import { scratch } from "./support.ts";

const PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);

describe("imageName", () => {
  for (const [reference, name] of [
    ["shop", "shop"],
    ["shop:1.0.0", "shop"],
    ["ghcr.io/example/shop:1.0.0", "shop"],
    ["localhost:5000/shop", "shop"],
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:0123456789abcdef", "shop"],
    ["registry:5000/shop:1.0@sha256:0123", "shop"],
    ["", ""],
  ] as const) {
    it(`of "${reference}" is "${name}"`, () => {
      assert.equal(imageName(reference), name);
    });
  }

  it("tells the proxy by it, whoever mirrors that", () => {
    assert.ok(isProxyImage("public.ecr.aws/docker/library/caddy:2.10.2"));
    assert.ok(!isProxyImage("caddy-exporter:1"));
  });
});

describe("localImage", () => {
  let project: ReturnType<typeof scratch>;
  beforeEach(() => {
    project = scratch();
  });
  afterEach(() => {
    project.remove();
  });

  const folder = (): string => join(project.path, "apps/shop");

  /** The image `shop` whose Dockerfile has these lines. */
  function image(lines: readonly string[], command: readonly string[] = []): LocalImage {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "Dockerfile"), lines.join("\n"));
    return localImage(project.path, "ghcr.io/example/shop:1.0.0", command);
  }

  it("is the folder apps/NAME, run by this Node.js as its Dockerfile says", () => {
    const lines = [
      "# syntax=docker/dockerfile:1",
      "FROM node:24-slim",
      "WORKDIR /app",
      "COPY . .",
      "RUN npm ci",
      "ENV NODE_ENV=production PORT=8080",
      "EXPOSE 8080",
      "USER node",
      'CMD ["node", "src/main.ts"]',
    ];
    assert.deepEqual(image(lines), {
      folder: folder(),
      command: process.execPath,
      args: ["src/main.ts"],
      environment: { PATH, NODE_ENV: "production", PORT: "8080" },
    });
  });

  it("runs another command in place of its own, after its entry point", () => {
    const lines = ["FROM node", 'ENTRYPOINT ["/usr/local/bin/node", "--enable-source-maps"]', 'CMD ["main.ts"]'];
    assert.deepEqual(image(lines).args, ["--enable-source-maps", "main.ts"]);
    assert.deepEqual(image(lines, ["migrate.ts", "--all"]).args, ["--enable-source-maps", "migrate.ts", "--all"]);
    assert.deepEqual(image(["FROM node", 'CMD ["node", "a.ts"]'], ["node", "b.ts"]).args, ["b.ts"]);
  });

  it("is its last stage, on those that this is built on", () => {
    const lines = [
      "ARG NODE=24",
      "FROM node:$NODE AS Base",
      "WORKDIR /app",
      "ENV A=base B=base",
      'CMD ["node", "base.ts"]',
      "FROM base AS build",
      'CMD ["node", "build.ts"]',
      "FROM base",
      "ENV B=last",
      "COPY --from=build /app/dist dist",
    ];
    assert.deepEqual(image(lines).args, ["base.ts"]);
    assert.deepEqual(image(lines).environment, { PATH, A: "base", B: "last" });
  });

  it("forgets the command of a stage below when it has an entry point of its own", () => {
    const lines = ["FROM node AS base", 'CMD ["node", "a.ts"]', "FROM base", 'ENTRYPOINT ["node"]'];
    assert.deepEqual(image(lines).args, []);
  });

  it("has its working directory in the folder, however the Dockerfile gets there", () => {
    for (const path of [
      ["/srv/app"],
      ["/srv", "app"],
      ["/elsewhere", "/srv/app"],
      ["/srv/app", "/srv/app"],
      ["/srv/app/", "."],
    ]) {
      const lines = [
        "FROM node",
        ...path.map((step) => `WORKDIR ${step}`),
        'CMD ["node", "/srv/app/main.ts", "/srv/apples", "/srv/app"]',
      ];
      assert.deepEqual(image(lines).args, [join(folder(), "main.ts"), "/srv/apples", folder()], path.join(", "));
    }
  });

  it("expands variables as a build does: of instructions before, of arguments' defaults, and the path", () => {
    const lines = [
      "FROM node",
      "ARG PLACE=/srv",
      "ARG NOTHING",
      "WORKDIR $PLACE/app",
      "ENV A=1",
      'ENV A=2 B=$A C="${A}0 \\$A" D=$NOTHING.',
      "ENV PATH=/opt/bin:/srv/app/node_modules/.bin:$PATH",
      "ARG A=of-an-argument",
      "ENV E=$A",
      "ENV F with several words",
      'CMD ["node"]',
    ];
    assert.deepEqual(image(lines).environment, {
      PATH: `/opt/bin:${folder()}/node_modules/.bin:${PATH}`,
      A: "2",
      B: "1",
      C: "10 $A",
      D: ".",
      E: "2",
      F: "with several words",
    });
  });

  it("goes on over lines that a backslash continues", () => {
    assert.deepEqual(image(["FROM node", "ENV A=1 \\", "    B=2", 'CMD ["node", \\', '     "main.ts"]']).args, ["main.ts"]);
  });

  it("is not found where there is no such folder; there is no registry", () => {
    image(["FROM node", 'CMD ["node"]']);
    mkdirSync(join(project.path, "apps/empty"));
    writeFileSync(join(project.path, "Dockerfile"), 'FROM node\nCMD ["node"]');
    for (const reference of ["web", "ghcr.io/example/empty:1", "..", "a/..", ""]) {
      assert.throws(
        () => localImage(project.path, reference),
        new ImageError(
          `image not found: ${reference}. The sandbox has no registry: an image named NAME is the folder apps/NAME with a Dockerfile. There are: shop, caddy (built in)`,
        ),
      );
    }
  });

  for (const [what, lines, message] of [
    ["nothing to run", ["FROM node"], "apps/shop/Dockerfile has neither CMD nor ENTRYPOINT"],
    ["no stage at all", ["# nothing"], "apps/shop/Dockerfile has neither CMD nor ENTRYPOINT"],
    [
      "another program",
      ["FROM python", 'CMD ["python3", "main.py"]'],
      'apps/shop/Dockerfile runs "python3"; the sandbox runs images whose program is node',
    ],
    [
      "a command for a shell",
      ["FROM node", "CMD node main.ts"],
      'apps/shop/Dockerfile: CMD node main.ts is not a JSON list; the sandbox plays lists such as ["node", "src/main.ts"], which also stop cleanly',
    ],
    [
      "a list that is not of words",
      ["FROM node", 'ENTRYPOINT ["node", 1]'],
      'apps/shop/Dockerfile: ENTRYPOINT ["node", 1] is not a JSON list; the sandbox plays lists such as ["node", "src/main.ts"], which also stop cleanly',
    ],
    [
      "an expansion that it does not know",
      ["FROM node", "ENV A=${B:-c}", 'CMD ["node"]'],
      'apps/shop/Dockerfile: the sandbox does not expand "${B:-c}"; it knows $NAME and ${NAME}',
    ],
  ] as const) {
    it(`refuses a Dockerfile with ${what}`, () => {
      assert.throws(() => image(lines), new ImageError(message));
    });
  }
});
