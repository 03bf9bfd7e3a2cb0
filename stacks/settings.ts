import { closest, distance } from "fastest-levenshtein";
import type { Settings } from "./contract.ts";
import type { StageName } from "./rungs.ts";
import { type SettingKey, settingsSchema } from "./settings-schema.ts";
import { SETTING_WORDS } from "./settings-words.ts";

/** Either the settings, or what is wrong with the config: a line each. */
export type CheckedSettings = { readonly settings: Settings } | { readonly faults: readonly string[] };

const NAMESPACE = "platform";

/** Up to so many wrong letters a key is taken for a misspelt one. */
const MISSPELT = 3;

/**
 * Checks the whole config of a stack. Each fault gives one line: what was given, what is allowed, what to do.
 *
 * @param config every key with its namespace, such as `platform:stage`; lists as JSON, as Pulumi hands them over.
 * @param stages the stages that there are, smallest first.
 */
export function checkSettings(config: Readonly<Record<string, string>>, stages: readonly StageName[]): CheckedSettings {
  const schema = settingsSchema(stages);
  const known = Object.keys(schema.shape);
  const given = Object.fromEntries(known.map((key) => [key, config[fullKey(key)]]));
  const result = schema.safeParse(given);
  const unknown = unknownKeys(Object.keys(config), known.map(fullKey));
  if (result.success && unknown.length === 0) {
    const { "aws:allowedAccountIds": accounts, "aws:region": region, otherCidrs: _checked, ...rest } = result.data;
    return { settings: { ...rest, region, accountId: accounts[0] ?? "" } };
  }
  const wrong = (result.error?.issues ?? []).map(({ message, path }) => {
    const key = String(path[0]);
    return `${fullKey(key)}: ${message}. To set it: pulumi config set ${fullKey(key)} ${SETTING_WORDS[key as SettingKey].example}`;
  });
  return { faults: [...wrong, ...unknown] };
}

/** A key with its namespace, as people write it. */
export function fullKey(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}:${key}`;
}

/** Keys that look as if their value were to be kept from others. */
const SECRET = /password|passwd|secret|token|credential|apikey|privatekey/i;

/** Keys that nothing reads, so that they would change nothing, in silence. Their values are not shown: they may be secret. */
function unknownKeys(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((key) => !known.includes(key) && isMeantForUs(key, known))
    .map((key) => `${key}: no such key is known; ${hint(key, known)} To take it away: pulumi config rm ${key}`);
}

/** Keys of our namespace or of one that looks like it, and misspelt ones of a provider's; the provider itself knows its other keys. */
function isMeantForUs(key: string, known: readonly string[]): boolean {
  return distance(key.split(":")[0] ?? "", NAMESPACE) <= MISSPELT || distance(key, closest(key, known)) <= MISSPELT;
}

function hint(key: string, known: readonly string[]): string {
  const nearest = closest(key, known);
  if (distance(key, nearest) <= MISSPELT) return `did you mean ${nearest}?`;
  if (SECRET.test(key))
    return "secrets have no place in the config: the platform makes its own and keeps them in Secrets Manager.";
  return `the keys are ${known.join(", ")}.`;
}
