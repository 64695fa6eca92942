-- People's accounts at other services. Tokens are sealed under a key that is not in the database (see seal.ts), and are
-- not for the role of a person in any form.

create table connections (
  id text primary key,
  owner_id text not null,
  provider text not null check (provider in ('github', 'gitlab', 'notion', 'vercel')),
  -- oauth, app: granted to Slipway at the provider; app: with tokens of a GitHub App for one repository each. token: made by the person.
  kind text not null check (kind in ('oauth', 'app', 'token')),
  account_id text not null,
  account_name text not null,
  avatar_url text,
  scopes text[] not null default '{}',
  -- What else the provider calls by a name: team, workspace, installation.
  details json not null default '{}',
  status text not null check (status in ('connected', 'reconnect', 'disconnected')),
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  connected_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  refreshed_at timestamptz,
  refresh_failed_at timestamptz,
  expires_at timestamptz,
  sealed_access bytea,
  sealed_refresh bytea,
  unique (owner_id, provider, account_id),
  check (status = 'disconnected' or sealed_access is not null)
);

alter table connections enable row level security;
create policy own on connections for select to slipway_person using (owner_id = (select current_owner()));
grant select (id, owner_id, provider, kind, account_id, account_name, avatar_url, scopes, details, status, reason, created_at,
  connected_at, used_at, refreshed_at, expires_at) on connections to slipway_person;

-- Somebody was sent to a provider and is expected back, once, in the browser session that they left from.
create table authorization_attempts (
  state_hash bytea primary key,
  owner_id text not null,
  person_id text not null,
  credential_id text not null,
  provider text not null,
  sealed_verifier bytea not null,
  redirect_address text not null,
  return_path text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index authorization_attempts_by_expiry on authorization_attempts (expires_at);

-- Not for a person at all: neither grant nor policy.
alter table authorization_attempts enable row level security;
