/**
 * A word that names a secret and not where it is (`SECRET_ARN`, `PASSWORD_FILE`), where a name may begin: an ARN holds
 * `:secret:` as well.
 */
const NAME =
  /(?:^|[\s;,{"'`])[\w.-]*(?:passwd|password|secret|token|api[_-]?key)(?![\w.-]*(?:arn|file|id|name|path|ur[il]))[\w-]*/;
/** A value that is written out, and not fetched (`$(...)`, `$NAME`), looked up (`ssm:...`) or a switch. */
const VALUE = /["']?\s*[=:]\s*["']?(?![\s"'$<{]|arn:|ssm:|true\b|false\b|null\b)[^\s"']{4,}/;

/** What gives a secret away, and what to call it. */
const TRACES: readonly (readonly [name: string, trace: RegExp])[] = [
  ["an access key of AWS", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36,}\b/],
  ["a password in an address", /\b[a-z][a-z0-9+]*:\/\/[^\s:@/$]+:[^\s:@/$]+@/],
  ["a password", new RegExp(NAME.source + VALUE.source, "im")],
];

/** What a text, such as a script or `NAME=VALUE`, holds that looks like a secret; undefined when there is nothing. */
export function secretIn(text: string): string | undefined {
  return TRACES.find(([, trace]) => trace.test(text))?.[0];
}
