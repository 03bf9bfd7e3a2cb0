import assert from "node:assert/strict";
import type { Resource } from "../../../sandbox/src/core/definition.ts";
import { draw } from "../../../sandbox/src/console/topology/draw.ts";
import { type Box, type Layout, layOut } from "../../../sandbox/src/console/topology/layout.ts";
import { sceneOf } from "../../../sandbox/src/console/topology/scene.ts";
import { resource, sample } from "./sample.ts";

/** A platform that has grown: three servers and a gateway in each zone, a reader in each, two ways in. */
function grown(): Resource[] {
  const zones = ["a", "b", "c"];
  const server = (name: string, id: string, subnetId: string): Resource =>
    resource("aws:ec2/instance:Instance", name, id, {
      subnetId,
      instanceType: "t4g.small",
      privateIp: "10.0.0.20",
      vpcSecurityGroupIds: ["sg-0app"],
    });
  return [
    ...sample().resources,
    ...zones.flatMap((zone, at) => [
      server(`platform-web-${zone}`, `i-0web${zone}`, `subnet-0public${String(at)}`),
      server(`platform-jobs-${zone}`, `i-0jobs${zone}`, `subnet-0private${String(at)}`),
      server(`platform-reports-${zone}`, `i-0reports${zone}`, `subnet-0private${String(at)}`),
      resource("aws:ec2/natGateway:NatGateway", `platform-nat-${zone}`, `nat-0${zone}`, {
        subnetId: `subnet-0public${String(at)}`,
      }),
      resource("aws:rds/clusterInstance:ClusterInstance", `platform-reader-${zone}`, `platform-reader-${zone}`, {
        clusterIdentifier: "platform-db",
        availabilityZone: `eu-central-1${zone}`,
        engine: "aurora-postgresql",
      }),
    ]),
    resource("aws:ec2/eip:Eip", "platform-second", "eipalloc-0def", { publicIp: "203.0.113.11" }),
    resource("aws:ec2/eipAssociation:EipAssociation", "platform-second", "eipassoc-0def", {
      allocationId: "eipalloc-0def",
      instanceId: "i-0webc",
    }),
  ];
}

/** The straight pieces of an SVG path of the picture. A rounded corner counts as the corner. */
function pieces(path: string): Box[] {
  const points = [...path.matchAll(/[MLQ](-?[\d.]+),(-?[\d.]+)/g)].map((found) => ({ x: Number(found[1]), y: Number(found[2]) }));
  return points.slice(1).map((point, at) => {
    const before = points[at] ?? point;
    return {
      x: Math.min(before.x, point.x),
      y: Math.min(before.y, point.y),
      width: Math.abs(before.x - point.x),
      height: Math.abs(before.y - point.y),
    };
  });
}

/** Whether two boxes share more than an edge. */
function meet(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height
  );
}

const inner = ({ x, y, width, height }: Box): Box => ({ x: x + 1, y: y + 1, width: width - 2, height: height - 2 });
const thick = ({ x, y, width, height }: Box): Box => ({ x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 });

for (const [what, resources] of [
  ["a small platform", sample().resources],
  ["a platform that has grown", grown()],
] as const) {
  describe(`the picture of ${what}`, () => {
    let layout: Layout;
    before(() => (layout = layOut(sceneOf({ ...sample(), resources }))));

    it("lays no card over another", () => {
      const { nodes } = layout;
      const over = nodes.flatMap((one, at) =>
        nodes.slice(at + 1).flatMap((other) => (meet(one, other) ? [`${one.node.title} and ${other.node.title}`] : [])),
      );
      assert.deepEqual(over, []);
    });

    it("draws no line through a card", () => {
      const through = layout.flows.flatMap(({ flow, path }) =>
        layout.nodes
          .filter((card) => pieces(path).some((piece) => meet(thick(piece), inner(card))))
          .map(({ node }) => `${flow.from} to ${flow.to} through ${node.title}`),
      );
      assert.deepEqual(through, []);
    });

    it("lays traffic of one kind over no other", () => {
      const kind = (key: string): string => layout.nodes.find(({ node }) => node.key === key)?.node.kind ?? "";
      const along = (one: Box, other: Box): boolean => {
        const [a, b] = [thick(one), thick(other)];
        const shared = {
          width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
          height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
        };
        // Lines may cross; they may not run along each other.
        return shared.width > 0 && shared.height > 0 && Math.max(shared.width, shared.height) > 3;
      };
      const { flows } = layout;
      const mixed = flows.flatMap((one, at) =>
        flows
          .slice(at + 1)
          .filter((other) => kind(one.flow.to) !== kind(other.flow.to))
          .filter((other) => pieces(one.path).some((a) => pieces(other.path).some((b) => along(a, b))))
          .map((other) => `${one.flow.from} to ${one.flow.to} along ${other.flow.from} to ${other.flow.to}`),
      );
      assert.deepEqual(mixed, []);
    });

    it("writes a label once in a place", () => {
      const labels = layout.flows
        .filter(({ flow }) => flow.label !== "")
        .map(({ flow, label }) => `${flow.label} ${label.x},${label.y}`);
      assert.equal(new Set(labels).size, labels.length);
    });

    it("holds everything that is drawn", () => {
      for (const box of [...layout.nodes, ...layout.networks, ...layout.flows.flatMap(({ path }) => pieces(path))])
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= layout.width && box.y + box.height <= layout.height);
    });

    it("is the same whatever the order of the world's rows", () => {
      const other = layOut(sceneOf({ ...sample(), resources: [...resources].reverse() }));
      assert.equal(draw(other).markup, draw(layout).markup);
    });

    it("says in words what it shows", () => {
      const { markup } = draw(layout);
      const words = /<desc id="topology-text">([^<]*)<\/desc>/.exec(markup)?.[1] ?? "";
      assert.match(words, /^1 network over 3 zones, \d+ parts\. Internet reaches 203\.0\.113\.10/);
      assert.match(words, /platform-app reaches platform-db-0 \(5432\)\./);
    });
  });
}

describe("a server of an Auto Scaling group", () => {
  it("goes by the name of its group, and stands in the subnet in which it was launched", () => {
    const { resources } = sample();
    const made = resource("aws:ec2/instance:Instance", "", "i-0fleet", {
      subnetId: "subnet-0private1",
      instanceType: "m7g.large",
      privateIp: "10.0.11.20",
      tags: { "aws:autoscaling:groupName": "platform-web" },
    });
    const scene = sceneOf({ ...sample(), resources: [...resources, { ...made, urn: "" }] });
    const nodes = scene.networks.flatMap(({ cells }) =>
      cells.flatMap((cell) => cell.nodes.map((node) => ({ ...node, zone: cell.zone }))),
    );
    const node = nodes.find(({ key }) => key === "i-0fleet");
    assert.deepEqual([node?.title, node?.detail, node?.zone], ["platform-web", "m7g.large · 10.0.11.20", "eu-central-1b"]);
  });
});

describe("a database with readers and a proxy", () => {
  const { resources } = sample();
  const scene = sceneOf({
    ...sample(),
    resources: [
      ...resources,
      resource("aws:rds/clusterInstance:ClusterInstance", "platform-reader", "platform-db-1", {
        clusterIdentifier: "platform-db",
        availabilityZone: "eu-central-1c",
        engine: "aurora-postgresql",
        engineVersion: "17.5",
      }),
      resource("aws:rds/proxy:Proxy", "platform-pooler", "platform-pooler", { name: "platform-pooler" }),
    ],
    details: {
      "platform-db-0": "writer",
      "platform-db-1": "reader, 12 ms behind",
      "platform-pooler": "20 clients on 5 connections",
    },
  });

  it("says who writes, and how far readers are behind", () => {
    const nodes = scene.networks.flatMap(({ cells }) =>
      cells.flatMap(({ zone, nodes }) => nodes.map((node) => ({ ...node, zone }))),
    );
    assert.deepEqual(
      nodes.filter(({ kind }) => kind === "database").map(({ zone, title, detail }) => [zone, title, detail]),
      [
        ["eu-central-1b", "platform-db-0", "writer · aurora-postgresql · 17.5"],
        ["eu-central-1c", "platform-reader", "reader, 12 ms behind · aurora-postgresql · 17.5"],
      ],
    );
  });

  it("says how many clients share how many connections", () => {
    const card = scene.services.find(({ title }) => title === "Connection pooler");
    assert.equal(card?.detail, "1 proxy · 20 clients on 5 connections");
  });
});

describe("the ways in of the picture", () => {
  const doors = (...added: Resource[]): string[] => {
    const { resources } = sample();
    return sceneOf({ ...sample(), resources: [...resources, ...added] }).doors.map(({ title }) => title);
  };

  it("are delivery networks, load balancers and addresses, from the outermost inwards", () => {
    const [network, balancer, ...addresses] = doors(
      resource("aws:lb/loadBalancer:LoadBalancer", "platform-balancer", "arn:aws:lb", { name: "platform" }),
      resource("aws:cloudfront/distribution:Distribution", "platform-cdn", "E1ABC", {}),
    );
    assert.deepEqual([network, balancer], ["platform-cdn", "platform"]);
    assert.deepEqual(addresses, doors());
  });

  it("are not the addresses from which a NAT gateway speaks outwards", () => {
    const added = [
      resource("aws:ec2/eip:Eip", "platform-nat", "eipalloc-0nat", { publicIp: "203.0.113.99" }),
      resource("aws:ec2/natGateway:NatGateway", "platform-nat", "nat-0a", { allocationId: "eipalloc-0nat" }),
    ];
    assert.deepEqual(doors(...added), doors());
  });
});
