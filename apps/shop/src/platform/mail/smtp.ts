import type { Mailer } from "./mail.ts";
import { MAIL_LIMITS, MailRefusedError } from "./mail.ts";

/** What a mailer by SMTP is made with. */
export interface SmtpOptions {
  /** `smtp://user:password@host:587` (with STARTTLS where the server has it) or `smtps://…:465`. */
  readonly url: string;
  readonly from: string;
}

/** Sends by SMTP. The library is loaded with the first mail. */
export function smtpMailer({ url, from }: SmtpOptions): Mailer {
  const { host, hostname, port, username, password, protocol } = new URL(url);
  const transport = once(async () => {
    const { createTransport } = await import("nodemailer");
    const secure = protocol === "smtps:";
    return createTransport({
      host: hostname,
      port: Number(port) || (secure ? 465 : 587),
      secure,
      // A password goes over TLS or not at all.
      requireTLS: username !== "" && !secure,
      ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: MAIL_LIMITS.connect,
      greetingTimeout: MAIL_LIMITS.connect,
      socketTimeout: MAIL_LIMITS.answer,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  });
  return {
    async send({ id, to, subject, text }) {
      try {
        await (await transport()).sendMail({ from, to, subject, text, messageId: `<${id}@${domainOf(from)}>` });
      } catch (error) {
        // RFC 5321, section 4.2.1: a code of 5xx is final. Only what the server says of the recipient or the mail counts: the rest is ours to mend.
        const { responseCode = 0, code } = error as { responseCode?: number; code?: string };
        if ((code === "EENVELOPE" || code === "EMESSAGE") && responseCode >= 500)
          throw new MailRefusedError(`the mail server at ${host} refused the mail with ${responseCode}`, { cause: error });
        throw error;
      }
    },
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).replace(/>$/, "");
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
