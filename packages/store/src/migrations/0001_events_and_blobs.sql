-- The truth: what happened, and the large bytes that belong to it. Every other table can be rebuilt from these two.
-- `if not exists`, because these two survive when everything else is dropped for a rebuild; later changes to them must be repeatable too.

create table if not exists blobs (
  sha text primary key,
  bytes bytea not null,
  created_at timestamptz not null default clock_timestamp()
);

-- Bodies are `json`, which keeps the order of keys: the model's prompt prefix is made from them and must never change.
-- A body over 64 KB is in `blobs` and `body` is null.
create table if not exists events (
  session_id text not null,
  seq integer not null check (seq > 0),
  id text not null,
  at timestamptz not null,
  version smallint not null,
  actor json not null,
  type text not null,
  body json,
  body_blob text references blobs (sha),
  primary key (session_id, seq),
  check ((body is null) <> (body_blob is null))
);
