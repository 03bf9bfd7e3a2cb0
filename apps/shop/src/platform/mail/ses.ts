import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { MAIL_LIMITS, type Mailer, MailRefusedError } from "./mail.ts";

/** What a mailer by Amazon SES is made with. */
export interface SesOptions {
  readonly region: string;
  readonly from: string;
}

/** Faults of the mail itself (SES API v2, SendEmail, Errors); all others are of the account or pass by themselves. */
const FINAL = new Set(["MessageRejected", "BadRequestException"]);

/** Sends by Amazon SES. The SDK is loaded with the first mail. */
export function sesMailer({ region, from }: SesOptions): Mailer {
  let client: SESv2Client | undefined;
  return {
    async send({ id, to, subject, text }) {
      const { SendEmailCommand, SESv2Client } = await import("@aws-sdk/client-sesv2");
      const { connect, answer } = MAIL_LIMITS;
      client ??= new SESv2Client({
        region,
        maxAttempts: 2,
        requestHandler: { connectionTimeout: connect, requestTimeout: answer },
      });
      const content = (data: string): { Data: string; Charset: string } => ({ Data: data, Charset: "UTF-8" });
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: content(subject), Body: { Text: content(text) } } },
        EmailTags: [{ Name: "mail", Value: id }],
      });
      try {
        await client.send(command);
      } catch (error) {
        if (error instanceof Error && FINAL.has(error.name))
          throw new MailRefusedError(`SES refused the mail: ${error.name}`, { cause: error });
        throw error;
      }
    },
  };
}
