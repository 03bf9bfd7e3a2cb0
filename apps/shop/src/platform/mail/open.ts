import type { Config } from "../config.ts";
import type { MigrationSource } from "../database/migrations.ts";
import type { Log } from "../log.ts";
import type { Mailer } from "./mail.ts";
import { sesMailer } from "./ses.ts";
import { smtpMailer } from "./smtp.ts";

/** The table of mails that are sent to nobody. */
export const mailMigrations: MigrationSource = { module: "mail", folder: new URL("./migrations/", import.meta.url) };

/** The mailer that the configuration names. Without one, mails go into the mailbox, and the log says so once. */
export function openMailer({ mail, region }: Pick<Config, "mail" | "region">, mailbox: Mailer, log: Log): Mailer {
  if (mail.kind === "smtp") {
    log.conceal(decodeURIComponent(new URL(mail.url).password));
    return smtpMailer(mail);
  }
  if (mail.kind === "ses") {
    if (region === undefined) throw new Error("SES needs a region");
    return sesMailer({ region, from: mail.from });
  }
  let told = false;
  return {
    async send(kept) {
      await mailbox.send(kept);
      if (!told)
        log.write("warn", "mail-kept", {
          message: "MAIL_URL is not set: mails are kept in the table mail.mailbox and sent to nobody",
        });
      told = true;
    },
  };
}
