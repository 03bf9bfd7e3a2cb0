import { isRecord } from "../../../policies/framework/values.ts";
import { resourcesOf } from "./ask.ts";
import { type Fixture, Reference } from "./cases.ts";

/** A fixture as a person would write it in a Pulumi program. */
export function programOf(fixture: Fixture): string {
  return Object.entries(resourcesOf(fixture))
    .map(
      ([name, [type, inputs]]) =>
        `const ${identifier(name)} = new ${classOf(type)}(${JSON.stringify(name)}, ${literal(inputs)});`,
    )
    .join("\n");
}

/**
 * The class of a type token in its SDK: `aws:rds/cluster:Cluster` is `aws.rds.Cluster`,
 * `kubernetes:networking.k8s.io/v1:NetworkPolicy` is `kubernetes.networking.v1.NetworkPolicy`, `cloudflare:index/zone:Zone` is
 * `cloudflare.Zone`.
 */
export function classOf(type: string): string {
  const [packageName = "", path = "", name = ""] = type.split(":");
  const [group = "", version = ""] = path.split("/");
  const space = packageName === "kubernetes" ? [group.split(".")[0] ?? "", version] : group === "index" ? [] : [group];
  return [packageName, ...space, name].join(".");
}

function literal(value: unknown): string {
  if (value instanceof Reference) return `${identifier(value.resource)}.${value.output}`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "string") return textLiteral(value);
  if (!isRecord(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, each]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${literal(each)}`,
  );
  return `{ ${fields.join(", ")} }`;
}

/** JSON text is written as what it is made from. */
function textLiteral(text: string): string {
  if (!text.startsWith("{")) return JSON.stringify(text);
  try {
    return `JSON.stringify(${literal(JSON.parse(text))})`;
  } catch {
    return JSON.stringify(text);
  }
}

function identifier(name: string): string {
  return name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}
