-- People who run the shop. Made by a command on the machine, never over the network.
CREATE TABLE auth.operators (
  user_id    uuid        PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
  granted_at timestamptz NOT NULL DEFAULT now()
);
