import { readFileSync } from "node:fs";
import type { CustomResource, CustomResourceOptions } from "@pulumi/pulumi";
import type { FlatResource } from "./flatten.ts";

type Constructor = new (name: string, inputs: unknown, options: CustomResourceOptions) => CustomResource;

/** The class of a type token: `aws:ec2/vpc:Vpc` is `Vpc` of `@pulumi/aws/ec2/vpc.js`. */
async function classOf(type: string): Promise<Constructor> {
  const [provider = "", module = "", name = ""] = type.split(":");
  const path = `@pulumi/${provider}/${module.replace(/^index\//, "")}.js`;
  const found = ((await import(path)) as Record<string, unknown>)[name];
  if (found === undefined) throw new Error(`${path} has no class ${name}`);
  return found as Constructor;
}

const file = process.env["FLAT_RESOURCES"];
if (file === undefined) throw new Error("FLAT_RESOURCES names no file; run this program with: npm run bench");
for (const { type, name, inputs, protect } of JSON.parse(readFileSync(file, "utf8")) as FlatResource[]) {
  const Class = await classOf(type);
  new Class(name, inputs, { protect });
}
