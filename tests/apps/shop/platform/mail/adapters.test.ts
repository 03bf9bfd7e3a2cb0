import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { loadConfig } from "../../../../../apps/shop/src/platform/config.ts";
import { type Mail, MailRefusedError } from "../../../../../apps/shop/src/platform/mail/mail.ts";
import { createMailbox } from "../../../../../apps/shop/src/platform/mail/mailbox.ts";
import { openMailer } from "../../../../../apps/shop/src/platform/mail/open.ts";
import { sesMailer } from "../../../../../apps/shop/src/platform/mail/ses.ts";
import { smtpMailer } from "../../../../../apps/shop/src/platform/mail/smtp.ts";
import { recordedLog } from "../../support/logs.ts";
import { databaseAt, migratedDatabase } from "../../support/postgres.ts";
import { APP_SECRET } from "../../support/shop.ts";

const FROM = "kiln@shop.example.com";
const mailTo = (to: string): Mail => ({
  id: "0192f0c1-7b2e-7000-8000-000000000001",
  userId: "0192f0c1-7b2e-7000-8000-000000000002",
  to,
  subject: "Grüße",
  text: "One line,\nand ünother: 李.\n.\nafter a dot",
});

describe("mails by SMTP", () => {
  let server: SMTPServer;
  let received: { from: string; to: string[]; source: string }[];

  const start = async (options: SMTPServerOptions = {}): Promise<string> => {
    received = [];
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo({ address }, _session, done) {
        const [name = ""] = address.split("@");
        const code = Number(name);
        done(code > 0 ? Object.assign(new Error("as you wish"), { responseCode: code }) : null);
      },
      onData(stream, { envelope }, done) {
        let source = "";
        stream.on("data", (part: Buffer) => (source += part.toString()));
        stream.on("end", () => {
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
          done();
        });
      },
      ...options,
    });
    server.on("error", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    return `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  };
  afterEach(() => server.close());

  it("arrive as they were written, in any script, under the same id each time", async () => {
    const mailer = smtpMailer({ url: `smtp://${await start()}`, from: FROM });
    await mailer.send(mailTo("ada@example.com"));
    await mailer.send(mailTo("ada@example.com"));
    assert.deepEqual(
      received.map(({ from, to }) => [from, to]),
      [
        [FROM, ["ada@example.com"]],
        [FROM, ["ada@example.com"]],
      ],
    );
    for (const { source } of received) {
      assert.match(source, /^Message-ID: <0192f0c1-7b2e-7000-8000-000000000001@shop\.example\.com>\r$/m);
      assert.match(source, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m);
      assert.match(source, /^Content-Type: text\/plain; charset=utf-8\r$/m);
    }
  });

  for (const [code, final] of [
    [421, false],
    [451, false],
    [550, true],
    [553, true],
  ] as const)
    it(`${final ? "are given up" : "may be tried again"} after a ${code}`, async () => {
      const mailer = smtpMailer({ url: `smtp://${await start()}`, from: FROM });
      await assert.rejects(mailer.send(mailTo(`${code}@example.com`)), (error) => error instanceof MailRefusedError === final);
    });

  it("may be tried again when nobody is there, and when the password is wrong, which is ours to mend", async () => {
    const address = await start({
      secure: false,
      disabledCommands: [],
      onAuth: (_auth, _session, done) => done(new Error("wrong password")),
    });
    const retriable = (error: unknown): boolean => error instanceof Error && !(error instanceof MailRefusedError);
    await assert.rejects(smtpMailer({ url: "smtp://127.0.0.1:1", from: FROM }).send(mailTo("ada@example.com")), retriable);
    await assert.rejects(smtpMailer({ url: `smtp://a:b@${address}`, from: FROM }).send(mailTo("ada@example.com")), retriable);
    assert.deepEqual(received, []);
  });

  it("carry no password over a connection that is not encrypted", async () => {
    let asked = 0;
    const address = await start({
      onAuth(_auth, _session, done) {
        asked += 1;
        done(null, { user: "a" });
      },
    });
    await assert.rejects(smtpMailer({ url: `smtp://a:b@${address}`, from: FROM }).send(mailTo("ada@example.com")), {
      code: "ETLS",
    });
    assert.equal(asked, 0);
  });

  it("cannot be given another recipient or header by what is in them", async () => {
    const mailer = smtpMailer({ url: `smtp://${await start()}`, from: FROM });
    await mailer.send({ ...mailTo("ada@example.com"), subject: "Hello\r\nBcc: eve@example.com" });
    assert.deepEqual(
      received.map(({ to }) => to),
      [["ada@example.com"]],
    );
    assert.doesNotMatch(received.map(({ source }) => source).join(), /^Bcc:/m);
  });
});

describe("mails by SES", () => {
  let server: Server;
  let asked: { path: string; body: unknown; target: string }[];
  let answer: { status: number; type?: string };
  const saved = { ...process.env };
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        asked.push({ path: request.url ?? "", body: JSON.parse(body), target: String(request.headers.authorization) });
        response.writeHead(answer.status, {
          "content-type": "application/json",
          ...(answer.type !== undefined && { "x-amzn-errortype": answer.type }),
        });
        response.end(answer.status === 200 ? '{"MessageId":"1"}' : '{"message":"as you wish"}');
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    process.env["AWS_ENDPOINT_URL_SESV2"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env["AWS_ACCESS_KEY_ID"] = "test";
    process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  });
  beforeEach(() => {
    asked = [];
    answer = { status: 200 };
  });
  after(() => {
    process.env = saved;
    server.close();
  });

  const mailer = sesMailer({ region: "eu-central-1", from: FROM });

  it("are asked for as the API has it, signed for the region", async () => {
    await mailer.send(mailTo("ada@example.com"));
    const [{ path, body, target } = { path: "", body: {}, target: "" }] = asked;
    assert.equal(path, "/v2/email/outbound-emails");
    assert.match(target, /Credential=test\/\d{8}\/eu-central-1\/ses\/aws4_request/);
    assert.deepEqual(body, {
      FromEmailAddress: FROM,
      Destination: { ToAddresses: ["ada@example.com"] },
      Content: {
        Simple: {
          Subject: { Data: "Grüße", Charset: "UTF-8" },
          Body: { Text: { Data: mailTo("").text, Charset: "UTF-8" } },
        },
      },
      EmailTags: [{ Name: "mail", Value: mailTo("").id }],
    });
  });

  for (const [status, type, final] of [
    [400, "MessageRejected", true],
    [400, "BadRequestException", true],
    [403, "AccessDeniedException", false],
    [400, "SendingPausedException", false],
    [429, "TooManyRequestsException", false],
    [500, "InternalFailure", false],
  ] as const)
    it(`${final ? "are given up" : "may be tried again"} after ${type}`, async () => {
      answer = { status, type };
      await assert.rejects(mailer.send(mailTo("ada@example.com")), (error) => error instanceof MailRefusedError === final);
    });
});

describe("mails of a shop without a provider", () => {
  it("are kept once each, the latest thousand, and the log says so once", async () => {
    const database = databaseAt(await migratedDatabase());
    const mailbox = createMailbox(database);
    const { log, lines } = recordedLog();
    const mailer = openMailer({ mail: { kind: "mailbox" }, region: undefined }, mailbox, log);
    const mail = mailTo("ada@example.com");
    await mailer.send(mail);
    await mailer.send(mail);
    const [kept, ...rest] = await mailbox.latest(10);
    assert.deepEqual(rest, []);
    const { createdAt, ...same } = kept ?? { createdAt: undefined };
    assert.ok(createdAt instanceof Date);
    assert.deepEqual(same, mail);
    assert.deepEqual(
      lines().map(({ level, event }) => [level, event]),
      [["warn", "mail-kept"]],
    );
    await database.query({
      text: `INSERT INTO mail.mailbox SELECT gen_random_uuid(), gen_random_uuid(), 'x', 'x', 'x', now() - interval '1 day' FROM generate_series(1, 1010)`,
    });
    await mailer.send({ ...mail, id: "0192f0c1-7b2e-7000-8000-000000000003" });
    assert.equal((await mailbox.latest(2_000)).length, 1_000);
    assert.deepEqual(
      (await mailbox.latest(2)).map(({ id }) => id),
      ["0192f0c1-7b2e-7000-8000-000000000003", mail.id],
    );
    await database.close();
  });
});

describe("the settings of mails", () => {
  const load = (environment: Readonly<Record<string, string>>) =>
    loadConfig({ DATABASE_URL: "postgres://a:b@127.0.0.1/c", APP_SECRET, ...environment }).mail;

  it("name the mailbox, SES or a server", () => {
    assert.deepEqual(load({}), { kind: "mailbox" });
    assert.deepEqual(load({ MAIL_URL: "ses:", MAIL_FROM: FROM, AWS_REGION: "eu-central-1" }), { kind: "ses", from: FROM });
    const url = "smtps://user:pass@mail.example.com:465";
    assert.deepEqual(load({ MAIL_URL: url, MAIL_FROM: FROM }), { kind: "smtp", url, from: FROM });
  });

  for (const [what, environment, fault] of [
    [
      "an address of the web",
      { MAIL_URL: "https://user:secret@mail.example.com", MAIL_FROM: FROM },
      "MAIL_URL: given a value of 36 characters; allowed is smtp://user:password@host:port, smtps://user:password@host:port, or ses: for Amazon SES in AWS_REGION; set it to something like ses:.",
    ],
    [
      "no sender",
      { MAIL_URL: "smtp://mail.example.com" },
      "MAIL_FROM: given nothing; needed with MAIL_URL; set it to the address that mails come from.",
    ],
    [
      "a sender that is none",
      { MAIL_FROM: "nobody" },
      'MAIL_FROM: given "nobody"; allowed is an e-mail address; set it to something like hello@shop.example.com.',
    ],
    [
      "SES without a region",
      { MAIL_URL: "ses:", MAIL_FROM: FROM },
      "AWS_REGION: given nothing; needed with MAIL_URL=ses:; set it to the region that sends, such as eu-central-1.",
    ],
  ] as const)
    it(`refuse ${what}`, () => {
      assert.throws(() => load(environment), { message: fault });
    });
});
