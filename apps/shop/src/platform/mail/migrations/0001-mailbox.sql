CREATE SCHEMA mail;

-- Mails of a shop that has no mail provider: kept here, sent to nobody.
CREATE TABLE mail.mailbox (
  id         uuid        PRIMARY KEY,
  -- Whom it is for. No foreign key: that table is of another module.
  user_id    uuid        NOT NULL,
  recipient  text        NOT NULL,
  subject    text        NOT NULL,
  content    text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mailbox_of_user ON mail.mailbox (user_id);
CREATE INDEX mailbox_by_time ON mail.mailbox (created_at);
