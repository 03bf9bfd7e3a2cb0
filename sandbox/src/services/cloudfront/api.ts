import { authorize } from "../../api/authorize.ts";
import { send } from "../../api/http.ts";
import type { RestCall, RestService } from "../../api/rest-protocol.ts";
import { xmlDocument, type XmlValue } from "../../api/xml.ts";
import { CloudError } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { children, readXml, textOf } from "../s3/request-xml.ts";
import { createInvalidation, type Invalidation, invalidationsOf, requireDistributionRow } from "./invalidations.ts";

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
const ROUTE = /^\/2020-05-31\/distribution\/([^/]+)\/invalidation(?:\/([^/]+))?$/;

/** CloudFront's API, of which the sandbox serves invalidations: distributions are made by the engine. */
export const cloudfrontApi: RestService = { answer };

async function answer(call: RestCall): Promise<void> {
  const { cloud, head } = call;
  const [, distribution = "", id] = ROUTE.exec(head.path) ?? [];
  const operation = operationOf(head.method, distribution, id);
  authorize(
    cloud,
    call.caller,
    { action: `cloudfront:${operation}`, resource: arn("cloudfront", "", cloud.account, `distribution/${distribution}`) },
    call.region,
  );
  requireDistributionRow(cloud, distribution);
  if (operation === "CreateInvalidation") {
    const { caller, paths } = await batchIn(call);
    const made = await createInvalidation(cloud, distribution, caller, paths);
    respond(call, 201, "Invalidation", shown(made, "InProgress"), {
      location: `https://cloudfront.amazonaws.com${head.path}/${made.id}`,
    });
    return;
  }
  const all = invalidationsOf(cloud, distribution);
  if (id === undefined) {
    const items = all.map((one) => ({ Id: one.id, CreateTime: new Date(one.created), Status: "Completed" }));
    const list = { Marker: "", MaxItems: 100, IsTruncated: false, Quantity: items.length, Items: { InvalidationSummary: items } };
    respond(call, 200, "InvalidationList", list);
    return;
  }
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new CloudError("NoSuchInvalidation", "The specified invalidation does not exist.", 404);
  respond(call, 200, "Invalidation", shown(found, "Completed"));
}

function operationOf(method: string, distribution: string, id: string | undefined): string {
  if (distribution !== "" && method === "POST" && id === undefined) return "CreateInvalidation";
  if (distribution !== "" && method === "GET") return id === undefined ? "ListInvalidations" : "GetInvalidation";
  throw new CloudError(
    "NotImplemented",
    "The sandbox serves CreateInvalidation, GetInvalidation and ListInvalidations of CloudFront's API; everything else is made by Pulumi.",
    501,
  );
}

async function batchIn(call: RestCall): Promise<{ readonly caller: string; readonly paths: string[] }> {
  const batch = await readXml(call, "InvalidationBatch");
  const [paths = {}] = children(batch, "Paths");
  const [items = {}] = children(paths, "Items");
  const path = items["Path"] ?? [];
  const list: readonly unknown[] = typeof path === "string" ? [path] : Array.isArray(path) ? path : [];
  return { caller: textOf(batch, "CallerReference") ?? "", paths: list.filter((one) => typeof one === "string") };
}

function shown({ caller, created, id, paths }: Invalidation, status: string): XmlValue {
  return {
    Id: id,
    Status: status,
    CreateTime: new Date(created),
    InvalidationBatch: { Paths: { Quantity: paths.length, Items: { Path: paths } }, CallerReference: caller },
  };
}

function respond(
  { requestId, response }: RestCall,
  status: number,
  name: string,
  value: XmlValue,
  headers: Record<string, string> = {},
): void {
  send(
    response,
    { status, headers: { "content-type": "text/xml", ...headers }, body: xmlDocument(name, value, NAMESPACE) },
    requestId,
  );
}
