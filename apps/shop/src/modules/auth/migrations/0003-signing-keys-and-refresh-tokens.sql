-- Key pairs that sign access tokens. One signs at a time; those before it still verify what they have signed.
CREATE TABLE auth.signing_keys (
  -- The thumbprint of the public key (RFC 7638): the `kid` of its tokens.
  id          text        PRIMARY KEY,
  public_key  jsonb       NOT NULL,
  -- JSON, encrypted with AES-256-GCM under a key made from the product's secret: nonce, text, tag.
  private_key bytea       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  -- Later than created_at, so that whoever keeps a copy of the public keys has it before the first token comes.
  signs_from  timestamptz NOT NULL
);

-- What a session is prolonged with. Each is good for one time; used ones are kept for a while, to notice the second.
CREATE TABLE auth.refresh_tokens (
  -- SHA-256 of the token.
  hash       bytea       PRIMARY KEY,
  session_id uuid        NOT NULL REFERENCES auth.sessions (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_of_session ON auth.refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_use ON auth.refresh_tokens (used_at) WHERE used_at IS NOT NULL;
