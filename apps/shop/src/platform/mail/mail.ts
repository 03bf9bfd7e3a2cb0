/** One mail to one person. */
export interface Mail {
  /** The same whenever this mail is sent again: whoever gets it twice can tell. */
  readonly id: string;
  /** Whom it is for. */
  readonly userId: string;
  readonly to: string;
  readonly subject: string;
  /** Plain text, lines separated by `\n`. */
  readonly text: string;
}

/** Hands mails to whoever delivers them. */
export interface Mailer {
  /** Resolves when the mail is accepted. @throws MailRefusedError when it never will be, any other error when it may be later */
  send(mail: Mail): Promise<void>;
}

/** This mail will never be accepted: another attempt makes no sense. */
export class MailRefusedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MailRefusedError";
  }
}

/** How long a provider may take to answer, in milliseconds. */
export const MAIL_LIMITS = { connect: 5_000, answer: 15_000 };
