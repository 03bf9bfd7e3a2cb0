import assert from "node:assert/strict";
import { environmentOf, type Launch } from "../../../sandbox/src/plane/workload-environment.ts";
import { testCloud, type TestCloud } from "../support/cloud.ts";

const DATABASE = "shop.cluster-c1x2y3z4abcd.eu-central-1.rds.amazonaws.com";

describe("environmentOf", () => {
  let cloud: TestCloud;
  before(() => {
    cloud = testCloud({ apiUrl: () => "http://127.0.0.1:24566" });
    for (const [name, port] of [
      [`${DATABASE}:5432`, 25_432],
      ["shop.example.com:80", 20_080],
      ["shop.example.com:443", 20_080],
      ["198.51.100.7:80", 20_080],
      // What the book says of an address that is local already must not be looked up again.
      ["127.0.0.1:25432", 1],
    ] as const)
      cloud.addresses.set(name, { host: "127.0.0.1", port });
  });
  after(() => cloud.end());

  const launch: Launch = {
    region: "eu-central-1",
    port: 28_080,
    serverPorts: new Map([
      [8080, 28_080],
      [9000, 29_000],
      [80, 20_808],
    ]),
    homeFolder: "/home/servers/i-1",
  };

  const of = (
    environment: Record<string, string>,
    { trustFiles = [], image = {}, ...changes }: Partial<Launch> & { trustFiles?: string[]; image?: Record<string, string> } = {},
  ): Record<string, string> => environmentOf(cloud, { environment, trustFiles }, image, { ...launch, ...changes });

  it("is the image's, under the environment file's, under what the launcher adds", () => {
    assert.deepEqual(
      of({ A: "file", PORT: "8080", AWS_REGION: "us-east-1" }, { image: { A: "image", B: "image", PATH: "/bin" } }),
      {
        A: "file",
        B: "image",
        PATH: "/bin",
        HOME: "/home/servers/i-1",
        AWS_ENDPOINT_URL: "http://127.0.0.1:24566",
        AWS_REGION: "eu-central-1",
        AWS_EC2_METADATA_DISABLED: "true",
        NODE_EXTRA_CA_CERTS: cloud.trust.caFile(),
        PORT: "28080",
        HOST: "127.0.0.1",
      },
    );
  });

  it("holds the way to the role's credentials, and none without a role", () => {
    const roleArn = "arn:aws:iam::123456789012:role/shop";
    const environment = of({}, { roleArn });
    const { url, token } = cloud.workloadCredentials(roleArn);
    assert.equal(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], url);
    assert.equal(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], token);
    assert.deepEqual(
      Object.keys(of({})).filter((name) => name.startsWith("AWS_CONTAINER")),
      [],
    );
  });

  it("names the sandbox's authority where a variable names the bundle of Aurora's", () => {
    const { CA, OTHER } = of({ CA: "/ca/rds.pem", OTHER: "/ca/other.pem" }, { trustFiles: ["/ca/rds.pem"] });
    assert.deepEqual([CA, OTHER], [cloud.trust.caFile(), "/ca/other.pem"]);
  });

  for (const [text, translated] of [
    [`${DATABASE}:5432`, "127.0.0.1:25432"],
    [`${DATABASE.toUpperCase()}:5432`, "127.0.0.1:25432"],
    [
      `postgres://user:pass@${DATABASE}:5432/shop?sslmode=verify-full`,
      "postgres://user:pass@127.0.0.1:25432/shop?sslmode=verify-full",
    ],
    [`${DATABASE}:5432,${DATABASE}:5432`, "127.0.0.1:25432,127.0.0.1:25432"],
    [`{"host":"${DATABASE}:5432"}`, '{"host":"127.0.0.1:25432"}'],
    ["https://shop.example.com", "http://127.0.0.1:20080"],
    ["HTTPS://Shop.Example.com/cart?back=http://198.51.100.7/", "http://127.0.0.1:20080/cart?back=http://127.0.0.1:20080/"],
    ["http://shop.example.com:80/,https://shop.example.com:443/", "http://127.0.0.1:20080/,http://127.0.0.1:20080/"],
    ["http://localhost:8080/health", "http://127.0.0.1:28080/health"],
    ["http://127.0.0.1", "http://127.0.0.1:20808"],
    ["127.0.0.1:9000", "127.0.0.1:29000"],
  ] as const) {
    it(`translates ${text}`, () => {
      assert.equal(of({ TEXT: text })["TEXT"], translated);
    });
  }

  for (const text of [
    DATABASE,
    `${DATABASE}:54321`,
    `my-${DATABASE}:5432`,
    `${DATABASE}.example.org:5432`,
    "https://shop.example.com:8443/",
    "https://shop.example.company",
    "https://www.shop.example.com/",
    "https://127.0.0.1",
    "127.0.0.1:80801",
    "not-127.0.0.1:8080",
    "12:30:45",
    "a=b",
    "",
  ]) {
    it(`leaves "${text}" as it is`, () => {
      assert.equal(of({ TEXT: text })["TEXT"], text);
    });
  }
});
