import assert from "node:assert/strict";
import { parse } from "yaml";
import { ServerFleet, type ServerFleetArgs } from "../../../components/index.ts";
import { only, record, type Recorded } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { balancer, database, servers } from "../examples.ts";

const args: ServerFleetArgs = { ...servers, balancer };

const fleet = (changes: Partial<ServerFleetArgs> = {}): Promise<Recorded[]> =>
  record(() => new ServerFleet("web", { ...args, ...changes }));

const group = async (changes: Partial<ServerFleetArgs> = {}): Promise<Recorded["inputs"]> =>
  only(await fleet(changes), "web-group").inputs;

async function userData(changes: Partial<ServerFleetArgs> = {}): Promise<string> {
  return Buffer.from(only(await fleet(changes), "web-template").inputs["userData"] as string, "base64").toString();
}

describe("ServerFleet", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await fleet()).map(identity).sort(), [
      "platform:compute:ServerFleet$aws:autoscaling/group:Group::web-group",
      "platform:compute:ServerFleet$aws:autoscaling/policy:Policy::web-cpu",
      "platform:compute:ServerFleet$aws:autoscaling/policy:Policy::web-forecast",
      "platform:compute:ServerFleet$aws:autoscaling/policy:Policy::web-requests",
      "platform:compute:ServerFleet$aws:ec2/launchTemplate:LaunchTemplate::web-template",
      "platform:compute:ServerFleet$aws:ec2/securityGroup:SecurityGroup::web-access",
      "platform:compute:ServerFleet$aws:iam/instanceProfile:InstanceProfile::web-profile",
      "platform:compute:ServerFleet$aws:iam/role:Role::web-role",
      "platform:compute:ServerFleet$aws:iam/rolePolicy:RolePolicy::web-role-policy",
      "platform:compute:ServerFleet$aws:iam/rolePolicyAttachment:RolePolicyAttachment::web-role-AmazonSSMManagedInstanceCore",
      "platform:compute:ServerFleet$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::web-from-balancer",
      "platform:compute:ServerFleet$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::web-out-database",
      "platform:compute:ServerFleet$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::web-out-https",
      "platform:compute:ServerFleet$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::web-in-balancer",
      "platform:compute:ServerFleet$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::web-into-database",
      "platform:compute:ServerFleet$platform:compute:HostMetrics$aws:ssm/association:Association::web-metrics-configure",
      "platform:compute:ServerFleet$platform:compute:HostMetrics$aws:ssm/association:Association::web-metrics-install",
      "platform:compute:ServerFleet$platform:compute:HostMetrics$aws:ssm/parameter:Parameter::web-metrics-settings",
      "platform:compute:ServerFleet$platform:compute:HostMetrics::web-metrics",
      "platform:compute:ServerFleet::web",
    ]);
  });

  it("is a group of two to six servers over three zones, which replaces what its load balancer finds ill", async () => {
    assert.deepEqual(await group(), {
      name: "web",
      vpcZoneIdentifiers: ["subnet-a", "subnet-b", "subnet-c"],
      minSize: 2,
      maxSize: 6,
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandAllocationStrategy: "prioritized",
          onDemandBaseCapacity: 2,
          onDemandPercentageAboveBaseCapacity: 100,
          spotAllocationStrategy: "price-capacity-optimized",
        },
        launchTemplate: {
          launchTemplateSpecification: { launchTemplateId: "web-template-id", version: "1" },
          overrides: [{ instanceType: "m7g.large" }, { instanceType: "m6g.large" }],
        },
      },
      capacityRebalance: false,
      defaultInstanceWarmup: 60,
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, autoRollback: true, skipMatching: true },
      },
      enabledMetrics: [
        "GroupDesiredCapacity",
        "GroupInServiceInstances",
        "GroupMaxSize",
        "GroupMinSize",
        "GroupPendingInstances",
        "GroupTerminatingInstances",
      ],
      waitForCapacityTimeout: "10m",
      tags: [
        { key: "platform:name", value: "test", propagateAtLaunch: false },
        { key: "Name", value: "web", propagateAtLaunch: false },
      ],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 120,
      minElbCapacity: 2,
      targetGroupArns: ["arn:test:target-group"],
    });
  });

  it("says nothing of how many servers there are now, so that no update sets back what the load asked for", async () => {
    assert.equal("desiredCapacity" in (await group()), false);
  });

  it("keeps its least servers on demand, and lets those above be Spot as far as it is told", async () => {
    const { capacityRebalance, mixedInstancesPolicy } = await group({ minServers: 3, spotPercent: 75 });
    const { instancesDistribution } = mixedInstancesPolicy as { instancesDistribution: Record<string, unknown> };
    assert.equal(instancesDistribution["onDemandBaseCapacity"], 3);
    assert.equal(instancesDistribution["onDemandPercentageAboveBaseCapacity"], 25);
    assert.equal(capacityRebalance, true);
  });

  it("turns a release back when one of the alarms goes off that it is told of", async () => {
    const { instanceRefresh } = await group({ rollbackAlarms: ["platform-monitoring-balancer-errors"] });
    assert.deepEqual((instanceRefresh as { preferences: { alarmSpecification: unknown } }).preferences.alarmSpecification, {
      alarms: ["platform-monitoring-balancer-errors"],
    });
  });

  it("grows with the use of processors and with the requests for each server", async () => {
    const resources = await fleet({ cpuPercent: 60, requestsPerMinute: 6000 });
    const tracking = (role: string) => only(resources, `web-${role}`).inputs["targetTrackingConfiguration"];
    assert.deepEqual(tracking("cpu"), {
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: 60,
    });
    assert.deepEqual(tracking("requests"), {
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: "app/front/1/targetgroup/servers/2",
      },
      targetValue: 6000,
    });
  });

  it("looks at a forecast of the load, grows ahead of it when told to, and makes none when told not to", async () => {
    const modeOf = async (forecast: NonNullable<ServerFleetArgs["forecast"]>): Promise<unknown> => {
      const { inputs } = only(await fleet({ forecast }), "web-forecast");
      return (inputs["predictiveScalingConfiguration"] as { mode: unknown }).mode;
    };
    assert.equal(await modeOf("watch"), "ForecastOnly");
    assert.equal(await modeOf("scale"), "ForecastAndScale");
    assert.equal((await fleet({ forecast: "off" })).length, (await fleet()).length - 1);
  });

  it("has another least size from known hours on", async () => {
    const schedules = {
      morning: { recurrence: "0 7 * * MON-FRI", timeZone: "Europe/Berlin", minServers: 4 },
      night: { recurrence: "0 22 * * *", minServers: 2 },
    };
    const resources = await fleet({ schedules });
    assert.deepEqual(only(resources, "web-at-morning").inputs, {
      autoscalingGroupName: "web",
      scheduledActionName: "morning",
      recurrence: "0 7 * * MON-FRI",
      timeZone: "Europe/Berlin",
      minSize: 4,
      maxSize: -1,
      desiredCapacity: -1,
    });
    assert.equal(only(resources, "web-at-night").inputs["timeZone"], "UTC");
  });

  it("is reached by its load balancer alone, on its port", async () => {
    const resources = await fleet();
    const into = resources.filter(
      ({ inputs, type }) => type.endsWith(":SecurityGroupIngressRule") && inputs["securityGroupId"] === "web-access-id",
    );
    assert.deepEqual(
      into.map(({ inputs }) => [inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"]]),
      [["sg-balancer", 8080, 8080]],
    );
    const { inputs } = only(resources, "web-from-balancer");
    assert.deepEqual([inputs["securityGroupId"], inputs["referencedSecurityGroupId"]], ["sg-balancer", "web-access-id"]);
  });

  it("reaches each part of the platform that it is told of, from both sides", async () => {
    const resources = await fleet({ reaches: { database, cache: { securityGroupId: "sg-cache", port: 6379 } } });
    const [out, into] = [only(resources, "web-out-cache").inputs, only(resources, "web-into-cache").inputs];
    assert.deepEqual([out["securityGroupId"], out["referencedSecurityGroupId"]], ["web-access-id", "sg-cache"]);
    assert.deepEqual([into["securityGroupId"], into["referencedSecurityGroupId"]], ["sg-cache", "web-access-id"]);
    assert.deepEqual([out["fromPort"], into["toPort"]], [6379, 6379]);
  });

  it("listens for the load balancer, believes what it says of clients, and has no proxy of its own", async () => {
    const text = await userData();
    for (const line of ["HOST=0.0.0.0", "PORT=8080", "TRUSTED_PROXIES=uniquelocal", "PUBLIC_URL=https://shop.example.com"])
      assert.ok(text.includes(`${line}\n`), line);
    assert.ok(text.includes("ExecStop=/usr/bin/docker stop --time 30 app\n"));
    assert.doesNotMatch(text, /caddy/);
  });

  it("may do what the product needs, work on jobs when it has a queue, and find its group", async () => {
    const access = { ...args.access, queueArn: "arn:test:jobs" };
    const policy = async (changes: Partial<ServerFleetArgs>): Promise<unknown> =>
      (
        JSON.parse(only(await fleet(changes), "web-role-policy").inputs["policy"] as string) as { Statement: { Sid: string }[] }
      ).Statement.map(({ Sid }) => Sid);
    const always = ["ReadItsSecrets", "UseTheKey", "ListItsBucket", "KeepItsObjects", "WriteItsLogs", "PublishHostMetrics"];
    assert.deepEqual(await policy({}), [...always, "FindTheGroup"]);
    assert.deepEqual(await policy({ access }), [...always, "WorkOnItsJobs", "FindTheGroup"]);
  });

  it("holds a new server back until it says that it is set up, when there is a pool of warm ones", async () => {
    const resources = await fleet({ warmServers: 2 });
    assert.deepEqual(only(resources, "web-group").inputs["warmPool"], {
      poolState: "Stopped",
      minSize: 2,
      maxGroupPreparedCapacity: 2,
    });
    assert.deepEqual(only(resources, "web-set-up").inputs, {
      name: "web-set-up",
      autoscalingGroupName: "web",
      lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeatTimeout: 600,
      defaultResult: "ABANDON",
    });
    const { Statement } = JSON.parse(only(resources, "web-role-policy").inputs["policy"] as string) as {
      Statement: { Sid: string; Resource: string }[];
    };
    assert.equal(
      Statement.find(({ Sid }) => Sid === "SayThatItIsSetUp")?.Resource,
      "arn:aws:autoscaling:eu-central-1:*:autoScalingGroup:*:autoScalingGroupName/web",
    );
  });

  it("lets such a server speak once the product answers, at each start", async () => {
    const config = parse(await userData({ warmServers: 2 })) as {
      write_files: { path: string; content: string }[];
      runcmd: string[];
    };
    const written = (path: string): string => config.write_files.find((file) => file.path === path)?.content ?? "";
    assert.equal(config.runcmd.at(-1), "systemctl enable --now --no-block set-up");
    assert.match(written("/etc/systemd/system/set-up.service"), /^ExecStart=\/usr\/local\/bin\/set-up$/m);
    const lines = written("/usr/local/bin/set-up").split("\n");
    assert.match(lines[2] ?? "", /^curl .* http:\/\/127\.0\.0\.1:8080\/readyz$/);
    assert.equal(
      lines[5],
      'aws autoscaling complete-lifecycle-action --region eu-central-1 --auto-scaling-group-name web --lifecycle-hook-name web-set-up --lifecycle-action-result CONTINUE --instance-id "$instance" || true',
    );
  });

  it("sends traces to a collector beside the product, which keeps all that failed or were slow", async () => {
    const traces = { sampledPercent: 5 };
    const text = await userData({ traces });
    assert.ok(text.includes("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318\n"));
    const [, settings = ""] = /AOT_CONFIG_CONTENT=(.*)$/m.exec(text) ?? [];
    const { exporters, processors } = JSON.parse(settings) as {
      exporters: unknown;
      processors: { tail_sampling: { policies: unknown } };
    };
    assert.deepEqual(exporters, { awsxray: { region: "eu-central-1" } });
    assert.deepEqual(processors.tail_sampling.policies, [
      { name: "failed", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: 500 } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: 5 } },
    ]);
    const { inputs } = only(await fleet({ traces }), "web-role-policy");
    assert.match(inputs["policy"] as string, /"xray:PutTraceSegments"/);
  });

  it("has no collector, and no leave to send traces, unless told otherwise", async () => {
    assert.doesNotMatch(await userData(), /OTEL|AOT_CONFIG_CONTENT/);
    assert.doesNotMatch(only(await fleet(), "web-role-policy").inputs["policy"] as string, /xray/);
  });

  it("measures memory and disk of the fleet as a whole", async () => {
    // The provider takes every parameter for a secret.
    const { value } = only(await fleet(), "web-metrics-settings").inputs["value"] as { value: string };
    const { metrics } = JSON.parse(value) as { metrics: Record<string, unknown> };
    assert.deepEqual(metrics["append_dimensions"], { AutoScalingGroupName: "${aws:AutoScalingGroupName}" });
    assert.deepEqual(metrics["aggregation_dimensions"], [["AutoScalingGroupName"], ["AutoScalingGroupName", "path"]]);
  });

  const refusals: readonly (readonly [Partial<ServerFleetArgs>, string])[] = [
    [{ minServers: 0 }, "minServers is 0; allowed: 1 to 1000"],
    [{ minServers: 4, maxServers: 3 }, "maxServers is 3; allowed: 4 to 1000"],
    [{ spotPercent: 101 }, "spotPercent is 101; allowed: 0 to 100"],
    [{ warmServers: -1 }, "warmServers is -1; allowed: 0 to 1000"],
    [{ warmServers: 1, spotPercent: 50 }, "warmServers is 1 and spotPercent is 50; allowed: one of them above 0"],
    [{ traces: { sampledPercent: 101 } }, "traces.sampledPercent is 101; allowed: 0 to 100"],
    [{ diskGib: 4 }, "diskGib is 4; allowed: 8 to 16384"],
    [{ cpuPercent: 95 }, "cpuPercent is 95; allowed: 10 to 90"],
    [{ requestsPerMinute: 0 }, "requestsPerMinute is 0; allowed: 1 to 10000000"],
    [
      { schedules: { morning: { recurrence: "0 7 * * *", minServers: 9 } } },
      "schedules.morning.minServers is 9; allowed: 1 to 6",
    ],
    [
      { instanceTypes: ["m7g.large", "m7i.large"] },
      "instanceTypes are m7g.large, m7i.large, which are arm64 and x86_64; allowed: one architecture, that of amiId",
    ],
  ];
  for (const [changes, words] of refusals)
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      await assert.rejects(fleet(changes), new RangeError(`ServerFleet "web": ${words}`));
    });
});
