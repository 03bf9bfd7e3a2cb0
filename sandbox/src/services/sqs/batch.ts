import { CloudError } from "../../core/definition.ts";
import { isProps, type Props, text, type Value } from "../../core/values.ts";

/** One entry of a batch. */
export interface Entry {
  readonly id: string;
  readonly input: Props;
}

/** Source: SQS API Reference, SendMessageBatch, "Errors". */
const MAX_ENTRIES = 10;

/** The entries of a batch. Throws in SQS's words if the batch as a whole cannot be. */
export function entriesOf(given: Value | undefined, operation: string): Entry[] {
  const entries = (Array.isArray(given) ? given : []).filter(isProps).map((input) => ({ id: text(input, "Id"), input }));
  if (entries.length === 0)
    throw new CloudError("EmptyBatchRequest", `There should be at least one ${operation}RequestEntry in the request.`);
  if (entries.length > MAX_ENTRIES)
    throw new CloudError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${String(MAX_ENTRIES)}. You have sent ${String(entries.length)}.`,
    );
  const bad = entries.find(({ id }) => !/^[\w-]{1,80}$/.test(id));
  if (bad !== undefined)
    throw new CloudError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  const repeated = entries.find(({ id }, index) => entries.findIndex((other) => other.id === id) !== index);
  if (repeated !== undefined) throw new CloudError("BatchEntryIdsNotDistinct", `Id ${repeated.id} repeated.`);
  return entries;
}

/** Does the work of each entry, and tells those that it refused by themselves. */
export function eachOf<T>(
  entries: readonly Entry[],
  work: (entry: Entry) => T,
): { readonly done: [Entry, T][]; readonly Failed: Props[] } {
  const done: [Entry, T][] = [];
  const Failed: Props[] = [];
  for (const entry of entries) {
    try {
      done.push([entry, work(entry)]);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      Failed.push({ Id: entry.id, SenderFault: error.status < 500, Code: error.code, Message: error.message });
    }
  }
  return { done, Failed };
}
