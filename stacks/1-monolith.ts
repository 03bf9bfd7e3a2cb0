import * as pulumi from "@pulumi/pulumi";
import { AppServer, DATABASE_PORT } from "../components/index.ts";
import type { Front, Settings } from "./contract.ts";
import { DATABASE_NAME, type Foundation } from "./foundation.ts";

/**
 * Stage 1: one server and a database that grows by itself, for up to about 10,000 users a day.
 * Adds: the server. Keeps: nothing, it is the first.
 */
export function monolith(settings: Settings, foundation: Foundation): Front {
  const { dataKey, database, logs, network, objects, secrets, tags } = foundation;
  const { name, region } = settings;
  const server = new AppServer(`${name}-server`, {
    region,
    vpcId: network.vpcId,
    subnetId: network.publicSubnetIds[0],
    amiId: settings.amiId,
    instanceType: settings.instanceType,
    diskGib: settings.diskGib,
    image: settings.image,
    ...(settings.domain !== undefined && { domain: settings.domain }),
    environment: {
      ROLE: "web",
      SERVICES: "all",
      LOG_LEVEL: "info",
      AWS_REGION: region,
      DATABASE_ENDPOINT: database.endpoint,
      DATABASE_NAME,
      DATABASE_SECRET_ARN: database.secretArn,
      OBJECTS_BUCKET: objects.bucketName,
      APP_SECRET_ARN: secrets.appSecretArn,
    },
    access: {
      secretArns: [secrets.appSecretArn, database.secretArn],
      keyArn: dataKey.keyArn,
      bucketArn: objects.bucketArn,
      logGroup: { name: logs.groupName, arn: logs.groupArn },
    },
    database: { securityGroupId: database.securityGroupId, port: DATABASE_PORT },
    tags,
  });
  return {
    url: server.url,
    directUrl: pulumi.interpolate`http://${server.publicIp}`,
    target: { address: server.publicIp },
    ready: [server],
    watched: { server: { instanceId: server.instance.id, instanceType: settings.instanceType } },
    outputs: { publicIp: server.publicIp },
  };
}
