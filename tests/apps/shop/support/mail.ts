import { query } from "./postgres.ts";

/** What stands in the mailbox for an address, latest first. */
export async function mailsTo(databaseUrl: string, email: string): Promise<{ subject: string; content: string }[]> {
  const rows = await query(
    databaseUrl,
    "SELECT subject, content FROM mail.mailbox WHERE recipient = $1 ORDER BY created_at DESC",
    [email],
  );
  return rows.map(({ subject, content }) => ({ subject: String(subject), content: String(content) }));
}
