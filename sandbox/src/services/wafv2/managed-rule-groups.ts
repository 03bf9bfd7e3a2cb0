import type { Asked } from "../../plane/load-balancer/request.ts";
import { bodySize, decoded } from "./fields.ts";

/** One rule of a managed group. */
export interface ManagedRule {
  readonly name: string;
  /** The end of the label that it puts on a request. */
  readonly label: string;
  readonly matches: (asked: Asked) => boolean;
}

/** A group of rules that AWS keeps. */
export interface ManagedRuleGroup {
  /** In the labels that its rules put on requests: `awswaf:managed:aws:core-rule-set:`. */
  readonly label: string;
  /** In web ACL capacity units. */
  readonly capacity: number;
  /** Undefined where the sandbox does not know their names. */
  readonly rules: readonly ManagedRule[] | undefined;
}

type Check = (asked: Asked) => boolean;

const NEVER: Check = () => false;
const agent = ({ headers }: Asked): string => headers["user-agent"] ?? "";
const queryOf = ({ query }: Asked): string => query.replace(/^\?/, "");

/** A check of a part of the request, as it came and without percent signs. */
function like(read: (asked: Asked) => string, pattern: RegExp): Check {
  return (asked) => [read(asked), decoded(read(asked))].some((value) => pattern.test(value));
}

const inQuery = (pattern: RegExp): Check => like(queryOf, pattern);
const inPath = (pattern: RegExp): Check => like(({ path }) => path, pattern);
const inCookie = (pattern: RegExp): Check => like(({ headers }) => headers.cookie ?? "", pattern);
const inHeaders = (pattern: RegExp): Check => like(({ headers }) => Object.values(headers).flat().join("\n"), pattern);

const METADATA = /169\.254\.169\.254/;
const UPWARDS = /\.\.[/\\]\.\.[/\\]/;
const ODD_EXTENSION = /\.(log|ini)(?![\w.])/i;
const REMOTE_FILE = /:\/\/(\d{1,3}\.){3}\d{1,3}/;
const SCRIPT = /<script[\s>]/i;
const JAVA = /\(java\.lang\.Runtime\)\.getRuntime\(\)\.exec\(/;
const JNDI = /\$\{jndi:/i;
const SQL = /('|")\s*(or|and)\s+('|")?\w+('|")?\s*=\s*('|")?\w+|\bunion\s+(all\s+)?select\b|;\s*(drop|delete|insert|update)\s+/i;
const SYSTEM_FILE = /\/proc\/version|\/etc\/(passwd|shadow)/;
const SHELL = /(^|[\s=;|&])echo \$(HOME|PATH|PWD)/;
const POWERSHELL = /Invoke-Expression/i;
const WINDOWS = /\|\|nslookup|;\s*cmd/i;
const PHP = /fsockopen|\$_(GET|POST)/;

/**
 * AWS's own groups. What their rules look for in full is AWS's secret: the sandbox has the limits that are published, and of the patterns those that the
 * documentation gives as examples; lists of addresses, and what needs a body to be read, match nothing. Source: AWS WAF Developer Guide, "AWS Managed Rules rule
 * groups list".
 */
export const MANAGED_RULE_GROUPS: Readonly<Record<string, ManagedRuleGroup>> = {
  AWSManagedRulesCommonRuleSet: group("core-rule-set", 700, {
    NoUserAgent_HEADER: (asked) => agent(asked) === "",
    UserAgent_BadBots_HEADER: like(agent, /nessus|nmap/i),
    SizeRestrictions_QUERYSTRING: (asked) => Buffer.byteLength(queryOf(asked)) > 2048,
    SizeRestrictions_Cookie_HEADER: ({ headers }) => Buffer.byteLength(headers.cookie ?? "") > 10_240,
    SizeRestrictions_BODY: (asked) => bodySize(asked) > 8192,
    SizeRestrictions_URIPATH: ({ path }) => Buffer.byteLength(path) > 1024,
    EC2MetaDataSSRF_BODY: NEVER,
    EC2MetaDataSSRF_COOKIE: inCookie(METADATA),
    EC2MetaDataSSRF_URIPATH: inPath(METADATA),
    EC2MetaDataSSRF_QUERYARGUMENTS: inQuery(METADATA),
    GenericLFI_QUERYARGUMENTS: inQuery(UPWARDS),
    GenericLFI_URIPATH: inPath(UPWARDS),
    GenericLFI_BODY: NEVER,
    RestrictedExtensions_URIPATH: inPath(ODD_EXTENSION),
    RestrictedExtensions_QUERYARGUMENTS: inQuery(ODD_EXTENSION),
    GenericRFI_QUERYARGUMENTS: inQuery(REMOTE_FILE),
    GenericRFI_BODY: NEVER,
    GenericRFI_URIPATH: inPath(REMOTE_FILE),
    CrossSiteScripting_COOKIE: inCookie(SCRIPT),
    CrossSiteScripting_QUERYARGUMENTS: inQuery(SCRIPT),
    CrossSiteScripting_BODY: NEVER,
    CrossSiteScripting_URIPATH: inPath(SCRIPT),
  }),
  AWSManagedRulesAdminProtectionRuleSet: group("admin-protection", 100, { AdminProtection_URIPATH: inPath(/sqlmanager/i) }),
  AWSManagedRulesKnownBadInputsRuleSet: group("known-bad-inputs", 200, {
    JavaDeserializationRCE_HEADER: inHeaders(JAVA),
    JavaDeserializationRCE_BODY: NEVER,
    JavaDeserializationRCE_URIPATH: inPath(JAVA),
    JavaDeserializationRCE_QUERYSTRING: inQuery(JAVA),
    Host_localhost_HEADER: ({ host }) => host === "localhost",
    PROPFIND_METHOD: ({ method }) => method === "PROPFIND",
    ExploitablePaths_URIPATH: inPath(/web-inf/i),
    Log4JRCE_HEADER: inHeaders(JNDI),
    Log4JRCE_QUERYSTRING: inQuery(JNDI),
    Log4JRCE_BODY: NEVER,
    Log4JRCE_URIPATH: inPath(JNDI),
    ReactJSRCE_BODY: NEVER,
  }),
  AWSManagedRulesSQLiRuleSet: group("sql-database", 200, {
    SQLi_QUERYARGUMENTS: inQuery(SQL),
    SQLiExtendedPatterns_QUERYARGUMENTS: NEVER,
    SQLi_BODY: NEVER,
    SQLiExtendedPatterns_BODY: NEVER,
    SQLi_COOKIE: inCookie(SQL),
    SQLi_URIPATH: inPath(SQL),
  }),
  AWSManagedRulesLinuxRuleSet: group("linux-os", 200, {
    LFI_URIPATH: inPath(SYSTEM_FILE),
    LFI_QUERYSTRING: inQuery(SYSTEM_FILE),
    LFI_HEADER: inHeaders(SYSTEM_FILE),
  }),
  AWSManagedRulesUnixRuleSet: group("posix-os", 100, {
    UNIXShellCommandsVariables_QUERYSTRING: inQuery(SHELL),
    UNIXShellCommandsVariables_BODY: NEVER,
    UNIXShellCommandsVariables_HEADER: inHeaders(SHELL),
  }),
  AWSManagedRulesWindowsRuleSet: group("windows-os", 200, {
    WindowsShellCommands_COOKIE: inCookie(WINDOWS),
    WindowsShellCommands_QUERYARGUMENTS: inQuery(WINDOWS),
    WindowsShellCommands_BODY: NEVER,
    PowerShellCommands_COOKIE: inCookie(POWERSHELL),
    PowerShellCommands_QUERYARGUMENTS: inQuery(POWERSHELL),
    PowerShellCommands_BODY: NEVER,
  }),
  AWSManagedRulesPHPRuleSet: group("php-app", 100, {
    PHPHighRiskMethodsVariables_HEADER: inHeaders(PHP),
    PHPHighRiskMethodsVariables_QUERYSTRING: inQuery(PHP),
    PHPHighRiskMethodsVariables_BODY: NEVER,
  }),
  AWSManagedRulesWordPressRuleSet: group("wordpress-app", 100, {
    WordPressExploitableCommands_QUERYSTRING: inQuery(/do-reset-wordpress/i),
    WordPressExploitablePaths_URIPATH: inPath(/\/xmlrpc\.php/i),
  }),
  AWSManagedRulesAmazonIpReputationList: group("amazon-ip-list", 25, {
    AWSManagedIPReputationList: NEVER,
    AWSManagedReconnaissanceList: NEVER,
    AWSManagedIPDDoSList: NEVER,
  }),
  AWSManagedRulesAnonymousIpList: group("anonymous-ip-list", 50, { AnonymousIPList: NEVER, HostingProviderIPList: NEVER }),
  AWSManagedRulesBotControlRuleSet: { label: "bot-control", capacity: 50, rules: undefined },
  AWSManagedRulesATPRuleSet: { label: "atp", capacity: 50, rules: undefined },
  AWSManagedRulesACFPRuleSet: { label: "acfp", capacity: 50, rules: undefined },
  AWSManagedRulesAntiDDoSRuleSet: { label: "anti-ddos", capacity: 50, rules: undefined },
};

function group(label: string, capacity: number, rules: Readonly<Record<string, Check>>): ManagedRuleGroup {
  const all = Object.entries(rules).map(([name, matches]) => ({ name, label: labelOf(name), matches }));
  return { label, capacity, rules: all };
}

/** As AWS writes a rule's name in its label: `SizeRestrictions_BODY` as `SizeRestrictions_Body`. */
function labelOf(rule: string): string {
  const words: Readonly<Record<string, string>> = {
    BODY: "Body",
    COOKIE: "Cookie",
    HEADER: "Header",
    METHOD: "Method",
    QUERYARGUMENTS: "QueryArguments",
    QUERYSTRING: "QueryString",
    URIPATH: "URIPath",
  };
  return rule.replace(/_([A-Z]+)$/, (whole, word: string) => (words[word] === undefined ? whole : `_${words[word]}`));
}
