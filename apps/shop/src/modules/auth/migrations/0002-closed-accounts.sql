-- Nobody logs in to a closed account. It is removed once every module has forgotten the person.
ALTER TABLE auth.users ADD COLUMN closed_at timestamptz;
