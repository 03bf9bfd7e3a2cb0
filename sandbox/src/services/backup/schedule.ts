import { shown, type Limit } from "../limits.ts";

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names that stand for numbers, from `least` on. */
  readonly words?: readonly string[];
  /** Signs beside `* , - /` that this field knows. */
  readonly signs: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Amazon EventBridge User Guide, "Cron expressions": six fields; AWS Backup uses the same. */
const FIELDS: readonly Field[] = [
  { name: "minutes", least: 0, most: 59, signs: /^$/ },
  { name: "hours", least: 0, most: 23, signs: /^$/ },
  { name: "day of month", least: 1, most: 31, signs: /^(\?|L|LW|\d+W)$/ },
  { name: "month", least: 1, most: 12, words: MONTHS, signs: /^$/ },
  {
    name: "day of week",
    least: 1,
    most: 7,
    words: DAYS,
    signs: /^(\?|L|[1-7]L|[1-7]#[1-5]|(SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  },
  { name: "year", least: 1970, most: 2199, signs: /^$/ },
];

function numberOf(field: Field, word: string): number {
  const place = field.words?.indexOf(word.toUpperCase()) ?? -1;
  if (place >= 0) return field.least + place;
  return /^\d+$/.test(word) ? Number(word) : Number.NaN;
}

function partIsFine(field: Field, part: string): boolean {
  if (field.signs.test(part.toUpperCase())) return true;
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((word) => numberOf(field, word));
  return ends.length <= 2 && ends.every((end) => end >= field.least && end <= field.most);
}

function cronFault(expression: string, fields: readonly string[]): string | undefined {
  if (fields.length !== FIELDS.length) {
    return `"${expression}" has ${fields.length} fields; a cron expression has 6: minutes hours day-of-month month day-of-week year`;
  }
  for (const [index, field] of FIELDS.entries()) {
    const given = fields[index] ?? "";
    if (given.split(",").every((part) => part !== "" && partIsFine(field, part))) continue;
    return `"${expression}": ${given} is not a value for ${field.name} (${field.least} to ${field.most})`;
  }
  if ((fields[2] === "?") === (fields[4] === "?"))
    return `"${expression}": exactly one of day-of-month and day-of-week must be ?`;
  return undefined;
}

/** A schedule as AWS Backup takes it: `cron(0 5 ? * * *)` or `rate(1 day)`. */
export const scheduleExpression: Limit = (value) => {
  const expression = typeof value === "string" ? value : "";
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (cron !== undefined) return cronFault(expression, cron.trim().split(/\s+/));
  const rate = /^rate\((\d+) (hour|hours|day|days)\)$/.exec(expression);
  if (rate === null)
    return `"${expression}" is not a schedule; allowed: cron(minutes hours day-of-month month day-of-week year) or rate(1 day)`;
  const plural = rate[2]?.endsWith("s") === true;
  if (Number(rate[1]) < 1 || (Number(rate[1]) === 1) === plural)
    return `"${expression}": write 1 with the singular, more with the plural`;
  return undefined;
};

/** A time zone of the IANA database. */
export const timeZone: Limit = (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: typeof value === "string" ? value : "" });
    return undefined;
  } catch {
    return `${shown(value)} is not a time zone of the IANA database, such as Etc/UTC`;
  }
};
