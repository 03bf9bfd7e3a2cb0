import type { IncomingHttpHeaders } from "node:http";
import { type Props, text } from "../../core/values.ts";
import { type Limit, matching, oneOf } from "../limits.ts";

/** Headers that a listener sets on every answer, by the inputs that hold their values, and what may be in them. */
const HEADERS: Readonly<Record<string, readonly [header: string, limit: Limit]>> = {
  routingHttpResponseAccessControlAllowCredentialsHeaderValue: ["access-control-allow-credentials", oneOf("true")],
  routingHttpResponseAccessControlAllowHeadersHeaderValue: ["access-control-allow-headers", printable()],
  routingHttpResponseAccessControlAllowMethodsHeaderValue: ["access-control-allow-methods", printable()],
  routingHttpResponseAccessControlAllowOriginHeaderValue: ["access-control-allow-origin", printable()],
  routingHttpResponseAccessControlExposeHeadersHeaderValue: ["access-control-expose-headers", printable()],
  routingHttpResponseAccessControlMaxAgeHeaderValue: ["access-control-max-age", seconds],
  routingHttpResponseContentSecurityPolicyHeaderValue: ["content-security-policy", printable()],
  routingHttpResponseStrictTransportSecurityHeaderValue: ["strict-transport-security", printable()],
  routingHttpResponseXContentTypeOptionsHeaderValue: ["x-content-type-options", oneOf("nosniff")],
  routingHttpResponseXFrameOptionsHeaderValue: [
    "x-frame-options",
    matching(/^(DENY|SAMEORIGIN|ALLOW-FROM \S+)$/, "DENY, SAMEORIGIN, or ALLOW-FROM and an address"),
  ],
};

/** Limits of those inputs. Source: Elastic Load Balancing User Guide, "Header modification for your Application Load Balancer". */
export const answerHeaderLimits: Readonly<Record<string, Limit>> = Object.fromEntries(
  Object.entries(HEADERS).map(([name, [, limit]]) => [name, limit]),
);

/** What becomes of the headers of an answer: the listener's own are set, whatever the target says, and `server` goes where that is wanted. */
export function answerHeadersOf(listener: Props): (headers: IncomingHttpHeaders) => IncomingHttpHeaders {
  const set = Object.fromEntries(
    Object.entries(HEADERS).flatMap(([name, [header]]) => (text(listener, name) === "" ? [] : [[header, text(listener, name)]])),
  );
  const isPlain = Object.keys(set).length === 0 && listener["routingHttpResponseServerEnabled"] !== false;
  if (isPlain) return (headers) => headers;
  return ({ server, ...headers }) => ({
    ...headers,
    ...(server !== undefined && listener["routingHttpResponseServerEnabled"] !== false && { server }),
    ...set,
  });
}

function printable(): Limit {
  return matching(/^[\x20-\x7e]{1,1024}$/, "1 to 1024 printable characters are");
}

function seconds(value: Parameters<Limit>[0]): string | undefined {
  const isFine = typeof value === "string" && /^\d{1,5}$/.test(value) && Number(value) <= 86_400;
  return isFine ? undefined : `${JSON.stringify(value)} is no number of seconds from 0 to 86400`;
}
