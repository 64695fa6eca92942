-- What other services told us, and what we have to tell them. Neither is the truth of a session: what a delivery starts and
-- what a write did stand in the log.

-- The row comes before anything is done about it, and stays for ever: the same id is never acted on again.
create table deliveries (
  provider text not null check (provider in ('github', 'gitlab', 'notion')),
  id text not null,
  event text not null,
  -- null once it is dealt with.
  body text,
  state text not null default 'queued' check (state in ('queued', 'done', 'given-up')),
  attempts integer not null default 0,
  received_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  note text,
  primary key (provider, id)
);
create index deliveries_due on deliveries (due_at) where state = 'queued';

-- Writes to other services, each by a key that says what it is. `attempts` above one means: look whether it was done.
create table outbox (
  key text primary key,
  owner_id text not null,
  session_id text,
  kind text not null,
  payload json not null,
  created_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  done_at timestamptz,
  given_up_at timestamptz,
  answer json,
  last_error text
);
create index outbox_due on outbox (due_at) where done_at is null and given_up_at is null;
create index outbox_by_owner on outbox (owner_id, created_at);

-- When a session's change request is looked at next. Made from the log, and can be made again.
create table followed (
  session_id text primary key,
  owner_id text not null,
  provider text not null,
  slug text not null,
  number integer not null,
  opened_at timestamptz not null,
  due_at timestamptz not null default clock_timestamp(),
  looks integer not null default 0,
  ended_at timestamptz,
  problem text
);
create index followed_due on followed (due_at) where ended_at is null;
create index followed_by_repository on followed (provider, lower(slug));

-- Repositories whose issues start sessions.
create table triggers (
  id text primary key default gen_random_uuid()::text,
  owner_id text not null,
  person_id text not null,
  provider text not null check (provider in ('github', 'gitlab')),
  slug text not null,
  label text not null,
  bot_name text not null,
  autonomy text not null check (autonomy in ('ask', 'plan', 'auto')),
  model text,
  budget_micros bigint check (budget_micros > 0),
  is_paused boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);
create unique index triggers_once on triggers (owner_id, provider, lower(slug));
create index triggers_by_repository on triggers (provider, lower(slug));

-- A delivery is nobody's: neither grant nor policy.
alter table deliveries enable row level security;

alter table outbox enable row level security;
create policy own on outbox for select to slipway_person using (owner_id = (select current_owner()));
grant select on outbox to slipway_person;

alter table followed enable row level security;
create policy own on followed for select to slipway_person using (owner_id = (select current_owner()));
grant select on followed to slipway_person;

alter table triggers enable row level security;
create policy own on triggers for all to slipway_person using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select, insert, update, delete on triggers to slipway_person;
