import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { renderCloudInit } from "../../../components/compute/cloud-init.ts";
import { appUnit, proxyUnit } from "../../../components/compute/server-units.ts";
import { parseUserData, type Unit } from "../../../sandbox/src/plane/cloud-init.ts";
import { UserDataError } from "../../../sandbox/src/plane/cloud-init-error.ts";

const SERVICE = "/etc/systemd/system/app.service";
const ENVIRONMENT = "/etc/platform/app.env";

/** A unit that runs a container, with these lines more in its service section. */
function unit(execStart: string, ...more: string[]): string {
  return ["[Unit]", "Description=The product", "[Service]", `ExecStart=${execStart}`, ...more, ""].join("\n");
}

/** User data that write these files and run these commands: as a rule the one unit `app`. */
function config(files: Record<string, string>, runcmd: unknown[] = ["systemctl enable --now app"]): string {
  const write_files = Object.entries(files).map(([path, content]) => ({ path, content }));
  return `#cloud-config\n${stringify({ write_files, runcmd })}`;
}

const RUN = "/usr/bin/docker run";

/** The unit `app` of a service that runs this. */
function only(execStart: string, more: string[] = [], files: Record<string, string> = {}): Unit {
  const [first, ...rest] = parseUserData(config({ [SERVICE]: unit(execStart, ...more), ...files }));
  assert.ok(first);
  assert.deepEqual(rest, []);
  return first;
}

function faults(userData: string): readonly string[] {
  try {
    parseUserData(userData);
  } catch (error) {
    assert.ok(error instanceof UserDataError);
    assert.equal(error.message, error.faults.join("\n"));
    return error.faults;
  }
  return [];
}

/** The faults of the unit `app` when it runs this. */
function unitFaults(execStart: string, more: string[] = [], files: Record<string, string> = {}): readonly string[] {
  return faults(config({ [SERVICE]: unit(execStart, ...more), ...files }));
}

describe("parseUserData", () => {
  it("reads what the platform's own servers are launched with, as the component renders it", () => {
    const environment = {
      DATABASE_HOST: "shop.cluster-c1x2y3z4abcd.eu-central-1.rds.amazonaws.com:5432",
      MOTTO: `it's "100 %" = $HOME # no comment`,
    };
    const userData = renderCloudInit({
      units: [appUnit("ghcr.io/example/shop:1.0.0", environment, "eu-central-1"), proxyUnit("shop.example.com")],
      logs: { region: "eu-central-1", group: "/platform/app" },
      registries: ["123456789012.dkr.ecr.eu-central-1.amazonaws.com"],
    });
    const logs = (stream: string): object => ({ region: "eu-central-1", group: "/platform/app", stream });
    const expected = [
      {
        name: "app",
        image: "ghcr.io/example/shop:1.0.0",
        command: [],
        environment: {
          PORT: "8080",
          HOST: "127.0.0.1",
          NODE_EXTRA_CA_CERTS: "/etc/platform/rds-ca.pem",
          ...environment,
        },
        hostNetwork: true,
        logs: logs("app"),
        restart: "always",
        trustFiles: ["/etc/platform/rds-ca.pem"],
      },
      {
        name: "tls",
        image: "public.ecr.aws/docker/library/caddy:2.10.2",
        command: ["caddy", "reverse-proxy", "--from", "https://shop.example.com", "--to", "127.0.0.1:8080"],
        environment: {},
        hostNetwork: true,
        logs: logs("tls"),
        restart: "always",
        trustFiles: [],
      },
    ];
    assert.deepEqual(parseUserData(userData), expected);
    assert.deepEqual(parseUserData(Buffer.from(userData).toString("base64")), expected);
  });

  for (const [what, userData] of [
    ["none", ""],
    ["blanks", "  \n"],
    ["a config without anything", "#cloud-config\n"],
    ["an empty map", "#cloud-config\n{}\n"],
    ["empty lists", "#cloud-config\nwrite_files:\nruncmd: []\n"],
    ["files alone", config({ "/etc/motd": "hello" }, [])],
  ] as const) {
    it(`starts nothing for ${what}`, () => {
      assert.deepEqual(parseUserData(userData), []);
    });
  }

  it("takes the smallest container: an image on a network of its own, which ends for good", () => {
    assert.deepEqual(only(`${RUN} shop`), {
      name: "app",
      image: "shop",
      command: [],
      environment: {},
      hostNetwork: false,
      restart: "never",
      trustFiles: [],
    });
  });

  it("reads flags in every spelling, up to the image; what follows is the command, flags and all", () => {
    const flags =
      "--rm --init --name shop --net=host -e A=1 --env B=x=y --log-driver awslogs --log-opt=awslogs-group=/app -v data:/data";
    const read = only(`${RUN} ${flags} shop:1 node --env C=2 -v`);
    assert.deepEqual(
      { ...read },
      {
        name: "app",
        image: "shop:1",
        command: ["node", "--env", "C=2", "-v"],
        environment: { A: "1", B: "x=y" },
        hostNetwork: true,
        logs: { group: "/app" },
        restart: "never",
        trustFiles: [],
      },
    );
  });

  it("reads quotes, continued lines and comments of a unit as systemd does", () => {
    const service = [
      "[Unit]",
      "# a comment",
      "; another",
      "Description=The product; $HOME and 100 % of it",
      "[Service]",
      "ExecStart=/usr/bin/docker run \\",
      '    --env "GREETING=good day" \\',
      "    shop 'node main.ts' *.ts",
      "Restart=always",
      "[Install]",
      "WantedBy=multi-user.target",
    ].join("\r\n");
    const [read] = parseUserData(config({ [SERVICE]: service }));
    assert.deepEqual(read?.environment, { GREETING: "good day" });
    assert.deepEqual(read.command, ["node main.ts", "*.ts"]);
    assert.equal(read.restart, "always");
  });

  it("reads an environment file as docker does: to the end of each line, without quotes", () => {
    const file = '# comment\n\nA=1\n  B= two words \nC="quoted"\r\nD=\nE=x=y # kept\n';
    const { environment } = only(`${RUN} --env-file ${ENVIRONMENT} -e A=2 shop`, [], { [ENVIRONMENT]: file });
    assert.deepEqual(environment, { A: "2", B: " two words ", C: '"quoted"', D: "", E: "x=y # kept" });
  });

  it("takes a file's text in Base64, and of two under one path the later", () => {
    const service = Buffer.from(unit(`${RUN} second`)).toString("base64");
    const userData = `#cloud-config\n${stringify({
      write_files: [
        { path: SERVICE, content: unit(`${RUN} first`), permissions: "0644", owner: "root:root" },
        { path: SERVICE, content: service, encoding: "b64" },
      ],
      runcmd: ["systemctl enable --now app"],
    })}`;
    assert.equal(parseUserData(userData)[0]?.image, "second");
  });

  it("starts units in the order of runcmd, each once, and passes over what every server has already", () => {
    const files = { [SERVICE]: unit(`${RUN} shop`), "/etc/systemd/system/tls@1.service": unit(`${RUN} caddy`) };
    const runcmd = [
      ["dnf", "install", "-y", "docker", "amazon-ecr-credential-helper"],
      "dnf install --assumeyes --quiet docker",
      "systemctl daemon-reload",
      "systemctl enable --now docker",
      ["systemctl", "enable", "--now", "tls@1.service"],
      "systemctl  enable  --now  app",
      "systemctl enable --now app.service",
    ];
    assert.deepEqual(
      parseUserData(config(files, runcmd)).map(({ name }) => name),
      ["tls@1", "app"],
    );
  });

  it("puts the sandbox's authority where a unit fetches that of Aurora", () => {
    const url = "https://truststore.pki.rds.amazonaws.com/eu-central-1/eu-central-1-bundle.pem";
    const fetch = `ExecStartPre=/usr/bin/curl --fail --output /etc/ca.pem ${url}`;
    const { trustFiles } = only(`${RUN} -v /etc/ca.pem:/ca/rds.pem:ro -v cache:/cache shop`, [
      "ExecStartPre=-/usr/bin/docker rm --force app",
      fetch,
    ]);
    assert.deepEqual(trustFiles, ["/ca/rds.pem"]);
  });
});

describe("parseUserData refuses", () => {
  for (const [what, userData, expected] of [
    [
      "a script",
      "#!/bin/bash\nyum update\n",
      'user data that begin with "#!/bin/bash" are not played by the sandbox; it plays #cloud-config',
    ],
    [
      "several parts",
      'Content-Type: multipart/mixed; boundary="="\nMIME-Version: 1.0\n',
      'user data that begin with "Content-Type: multipart/mixed; boundary=" are not played by the sandbox; it plays #cloud-config',
    ],
    ["a word", "reboot", 'user data that begin with "reboot" are not played by the sandbox; it plays #cloud-config'],
    ["compressed data", gzipSync("#cloud-config\n").toString("base64"), "compressed user data are not played by the sandbox"],
    ["a list", "#cloud-config\n- a\n", "the cloud-config must be a map with write_files and runcmd"],
    ["files that are no list", "#cloud-config\nwrite_files: {}\n", "write_files must be a list"],
    ["commands that are no list", "#cloud-config\nruncmd: reboot\n", "runcmd must be a list"],
    [
      "another key",
      "#cloud-config\npackages: [nginx]\n",
      'the cloud-config key "packages" is not played by the sandbox; it plays write_files and runcmd',
    ],
    [
      "a file without a path",
      "#cloud-config\nwrite_files: [{content: a}]\n",
      "write_files[0] must have a path and text as its content",
    ],
    [
      "a file whose content is no text",
      "#cloud-config\nwrite_files: [{path: /a, content: 1}]\n",
      "write_files[0] must have a path and text as its content",
    ],
    [
      "a compressed file",
      "#cloud-config\nwrite_files: [{path: /a, content: '', encoding: gz+b64}]\n",
      '/a is written in the encoding "gz+b64"; the sandbox knows text/plain and base64',
    ],
    [
      "a file that is added to another",
      "#cloud-config\nwrite_files: [{path: /a, content: '', append: true}]\n",
      '/a is written with "append", which is not played by the sandbox; it plays path, content, encoding, permissions, owner',
    ],
    [
      "another command",
      "#cloud-config\nruncmd: [reboot]\n",
      'runcmd: "reboot" is not played by the sandbox; it plays "dnf install" of docker and amazon-ecr-credential-helper, and "systemctl enable --now UNIT"',
    ],
    [
      "another package",
      "#cloud-config\nruncmd: [[dnf, install, -y, nginx]]\n",
      'runcmd: "dnf install -y nginx" is not played by the sandbox; it plays "dnf install" of docker and amazon-ecr-credential-helper, and "systemctl enable --now UNIT"',
    ],
    [
      "a command that is neither text nor a list",
      "#cloud-config\nruncmd: [{a: 1}]\n",
      'runcmd: "{"a":1}" is not played by the sandbox; it plays "dnf install" of docker and amazon-ecr-credential-helper, and "systemctl enable --now UNIT"',
    ],
    ["a unit that is not written", config({}), 'runcmd starts "app", but write_files has no /etc/systemd/system/app.service'],
    [
      "a unit that is not started",
      config({ [SERVICE]: unit(`${RUN} shop`) }, []),
      'the unit "app" is written but never started by runcmd',
    ],
  ] as const) {
    it(what, () => {
      assert.deepEqual(faults(userData), [expected]);
    });
  }

  it("what is no YAML, in the parser's words", () => {
    const [fault, ...more] = faults("#cloud-config\nruncmd: [\n");
    assert.match(fault ?? "", /^the cloud-config is not YAML: Flow sequence .* at line 3, column 1/);
    assert.deepEqual(more, []);
  });

  for (const [what, execStart, more, expected] of [
    [
      "no container",
      "/usr/sbin/nginx",
      [],
      'the unit "app" runs "/usr/sbin/nginx"; the sandbox plays units that run /usr/bin/docker run',
    ],
    [
      "another command of docker",
      "/usr/bin/docker start app",
      [],
      'the unit "app" runs "/usr/bin/docker start"; the sandbox plays units that run /usr/bin/docker run',
    ],
    ["no image", `${RUN} --rm`, [], 'the unit "app" names no image'],
    [
      "another flag",
      `${RUN} --privileged shop`,
      [],
      'the unit "app" gives docker run the flag --privileged, which the sandbox does not play',
    ],
    [
      "a flag with a value that it does not know",
      `${RUN} --publish=80:80 shop`,
      [],
      'the unit "app" gives docker run the flag --publish, which the sandbox does not play',
    ],
    [
      "another network",
      `${RUN} --network bridge shop`,
      [],
      'the unit "app" is on the network "bridge"; the sandbox plays the server\'s own, "host"',
    ],
    [
      "another log driver",
      `${RUN} --log-driver=journald shop`,
      [],
      'the unit "app" has the log driver "journald"; the sandbox plays awslogs',
    ],
    [
      "logs without a group",
      `${RUN} --log-driver=awslogs shop`,
      [],
      'the unit "app" logs to CloudWatch but names no awslogs-group',
    ],
    [
      "another log option",
      `${RUN} --log-driver=awslogs --log-opt awslogs-group=/a --log-opt mode=non-blocking shop`,
      [],
      'the unit "app" has the log option "mode"; the sandbox plays awslogs-region, awslogs-group, awslogs-stream',
    ],
    [
      "a variable of the server",
      `${RUN} -e TOKEN shop`,
      [],
      'the unit "app" passes TOKEN on from the server, where the sandbox has no such variable',
    ],
    ["half a volume", `${RUN} -v /data shop`, [], 'the unit "app" has the volume "/data"; expected SOURCE:/PATH'],
    [
      "a folder of the server",
      `${RUN} -v /srv/data:/data shop`,
      [],
      "the unit \"app\" mounts /srv/data, which the sandbox's servers don't have",
    ],
    [
      "an environment file that is not written",
      `${RUN} --env-file /etc/app.env shop`,
      [],
      'the unit "app" reads its environment from /etc/app.env, which write_files does not write',
    ],
    [
      "variables in its command",
      `${RUN} -e A=$HOME shop`,
      [],
      'the unit "app" has $ or % in a command, which the sandbox does not play: /usr/bin/docker run -e A=$HOME shop',
    ],
    [
      "two commands",
      `${RUN} shop && reboot`,
      [],
      'the unit "app" has shell syntax in a command, and no shell runs it: /usr/bin/docker run shop && reboot',
    ],
    ["two starts", `${RUN} shop`, [`ExecStart=${RUN} shop`], 'the unit "app" must have exactly one ExecStart'],
    [
      "a restart on failure",
      `${RUN} shop`,
      ["Restart=on-failure"],
      'the unit "app" has Restart=on-failure; the sandbox plays always and no',
    ],
    [
      "a setting that it does not know",
      `${RUN} shop`,
      ["User=nobody"],
      'the unit "app" has "User" in [Service], which the sandbox does not play',
    ],
    [
      "what is no setting",
      `${RUN} shop`,
      ["what is this"],
      'the unit "app" has "what is this" in [Service], which the sandbox does not play',
    ],
    [
      "a setting of another section",
      `${RUN} shop`,
      ["[Install]", "ExecStart=/bin/a"],
      'the unit "app" has "ExecStart" in [Install], which the sandbox does not play',
    ],
    [
      "another command before its start",
      `${RUN} shop`,
      ["ExecStartPre=/usr/bin/sleep 5"],
      'the unit "app" runs "/usr/bin/sleep 5" before its start; the sandbox plays "docker rm" and fetching truststore.pki.rds.amazonaws.com',
    ],
    [
      "a file from elsewhere",
      `${RUN} shop`,
      ["ExecStartPre=/usr/bin/curl --output /a https://example.com/truststore.pki.rds.amazonaws.com"],
      'the unit "app" runs "/usr/bin/curl --output /a https://example.com/truststore.pki.rds.amazonaws.com" before its start; the sandbox plays "docker rm" and fetching truststore.pki.rds.amazonaws.com',
    ],
  ] as const) {
    it(`a unit with ${what}`, () => {
      assert.deepEqual(unitFaults(execStart, [...more]), [expected]);
    });
  }

  it("a unit that starts nothing", () => {
    const nothing = config({ [SERVICE]: "[Service]\nRestart=always\n" });
    assert.deepEqual(faults(nothing), ['the unit "app" must have exactly one ExecStart']);
  });

  it("lines of an environment file that docker would refuse, without their values", () => {
    const file = "GOOD=1\nsecret-without-a-name\n=nameless\nTWO WORDS=x\n";
    assert.deepEqual(unitFaults(`${RUN} --env-file ${ENVIRONMENT} shop`, [], { [ENVIRONMENT]: file }), [
      "/etc/platform/app.env, line 2: expected KEY=VALUE",
      "/etc/platform/app.env, line 3: expected KEY=VALUE",
      "/etc/platform/app.env, line 4: expected KEY=VALUE",
    ]);
  });

  it("everything that is wrong at once", () => {
    const service = unit(`${RUN} --privileged --network bridge --env-file /none -v /srv:/srv`, "User=nobody", "Restart=maybe");
    const userData = `#cloud-config\n${stringify({
      packages: ["nginx"],
      write_files: [{ path: SERVICE, content: service }, { content: "a" }],
      runcmd: ["reboot", "systemctl enable --now app", "systemctl enable --now other"],
    })}`;
    assert.deepEqual(faults(userData), [
      'the cloud-config key "packages" is not played by the sandbox; it plays write_files and runcmd',
      "write_files[1] must have a path and text as its content",
      'runcmd: "reboot" is not played by the sandbox; it plays "dnf install" of docker and amazon-ecr-credential-helper, and "systemctl enable --now UNIT"',
      'the unit "app" has "User" in [Service], which the sandbox does not play',
      'the unit "app" has Restart=maybe; the sandbox plays always and no',
      'the unit "app" gives docker run the flag --privileged, which the sandbox does not play',
      'the unit "app" names no image',
      'the unit "app" is on the network "bridge"; the sandbox plays the server\'s own, "host"',
      "the unit \"app\" mounts /srv, which the sandbox's servers don't have",
      'the unit "app" reads its environment from /none, which write_files does not write',
      'runcmd starts "other", but write_files has no /etc/systemd/system/other.service',
    ]);
  });
});
