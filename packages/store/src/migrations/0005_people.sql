-- Who may sign in, what proves it, and what was done about it.

-- An e-mail address that may sign in. `joined_at` is null while it is only invited.
create table people (
  id text primary key default gen_random_uuid()::text,
  owner_id text not null unique,
  email text not null unique check (email = lower(email) and email <> ''),
  name text not null default '',
  role text not null check (role in ('administrator', 'member', 'viewer')),
  created_at timestamptz not null default clock_timestamp(),
  joined_at timestamptz,
  seen_at timestamptz,
  disabled_at timestamptz
);

-- Lets an address in, or returns no row. The first person on an installation becomes administrator and owns what the
-- command line made; one at a time, so that of two who race only one is first.
create function admit_person(wanted_email text, wanted_name text, may_join boolean) returns setof people language plpgsql as $$
declare
  person people;
begin
  perform pg_advisory_xact_lock(7305219648304);
  select * into person from people where email = lower(wanted_email);
  if person.id is null then
    if not exists (select from people) then
      insert into people (owner_id, email, name, role) values ('local', lower(wanted_email), wanted_name, 'administrator') returning * into person;
    elsif may_join then
      insert into people (owner_id, email, name, role) values (gen_random_uuid()::text, lower(wanted_email), wanted_name, 'member') returning * into person;
    else
      return;
    end if;
  end if;
  if person.disabled_at is not null then
    return;
  end if;
  update people set
    name = case when name = '' then wanted_name else name end,
    owner_id = case when joined_at is null and role = 'administrator' and not exists (select from people where owner_id = 'local')
      then 'local' else owner_id end,
    joined_at = coalesce(joined_at, clock_timestamp())
  where id = person.id returning * into person;
  return next person;
end $$;

-- 'ok', 'unknown', or 'last' when nobody would be left who may change anything.
create function change_person(wanted_id text, new_role text, new_disabled boolean) returns text language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7305219648304);
  if not exists (select from people where id = wanted_id) then
    return 'unknown';
  end if;
  if (new_role <> 'administrator' or new_disabled)
    and exists (select from people where id = wanted_id and role = 'administrator' and disabled_at is null and joined_at is not null)
    and not exists (
      select from people where id <> wanted_id and role = 'administrator' and disabled_at is null and joined_at is not null) then
    return 'last';
  end if;
  update people set
    role = coalesce(new_role, role),
    disabled_at = case when new_disabled is null then disabled_at when new_disabled then coalesce(disabled_at, clock_timestamp()) end
  where id = wanted_id;
  return 'ok';
end $$;

-- What a person wants to find as they left it. Read and written whole.
create table preferences (
  owner_id text primary key,
  document json not null check (octet_length(document::text) <= 16384),
  updated_at timestamptz not null default clock_timestamp()
);

-- Only the hash of a key is kept.
create table api_keys (
  id text primary key default gen_random_uuid()::text,
  owner_id text not null,
  person_id text not null,
  name text not null,
  hint text not null,
  hash bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_owner on api_keys (owner_id, created_at);

-- A link to look at one session. Only the hash of its token is kept.
create table shares (
  id text primary key default gen_random_uuid()::text,
  owner_id text not null,
  session_id text not null,
  hint text not null,
  hash bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  withdrawn_at timestamptz
);
create index shares_by_session on shares (session_id, created_at);

-- Each row's seal covers the row and the seal before it, under a key that is not in the database.
create table audit (
  seq bigint primary key,
  at timestamptz not null,
  actor_id text,
  action text not null,
  subject text,
  details json not null,
  seal bytea not null
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit execute function refuse_change();

-- Shared by all processes, so that more of them allow no more guesses.
create table attempts (
  key text primary key,
  since timestamptz not null,
  count integer not null
);
create function count_attempt(wanted_key text, window_seconds integer) returns integer language sql as $$
  insert into attempts as old (key, since, count) values (wanted_key, clock_timestamp(), 1)
  on conflict (key) do update set
    count = case when old.since < clock_timestamp() - make_interval(secs => window_seconds) then 1 else old.count + 1 end,
    since = case when old.since < clock_timestamp() - make_interval(secs => window_seconds) then clock_timestamp() else old.since end
  returning count
$$;

-- The tables of the sign-in library, with the column names that it expects. Repeatable, because a rebuild from the log
-- does not drop this schema.
create schema if not exists auth;
create table if not exists auth."user" (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null default false,
  image text,
  "createdAt" timestamptz not null default clock_timestamp(),
  "updatedAt" timestamptz not null default clock_timestamp()
);
create table if not exists auth.session (
  id text primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default clock_timestamp(),
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" (id) on delete cascade
);
create index if not exists session_by_user on auth.session ("userId");
create table if not exists auth.account (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default clock_timestamp(),
  "updatedAt" timestamptz not null
);
create index if not exists account_by_user on auth.account ("userId");
create unique index if not exists account_of_provider on auth.account ("providerId", "accountId");
create table if not exists auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default clock_timestamp(),
  "updatedAt" timestamptz not null default clock_timestamp()
);
create index if not exists verification_by_identifier on auth.verification (identifier);

-- Whatever takes access away says so to every process, which then looks at what it has open.
create function announce_lost_access() returns trigger language plpgsql as $$
begin
  perform pg_notify('slipway_access', tg_argv[0] || ':' || old.id);
  return null;
end $$;
create or replace trigger announce_lost_access after delete on auth.session for each row execute function announce_lost_access('session');
create or replace trigger announce_lost_access after update of revoked_at on api_keys for each row execute function announce_lost_access('key');
create or replace trigger announce_lost_access after update of withdrawn_at on shares for each row execute function announce_lost_access('share');
create or replace trigger announce_lost_access after update of disabled_at on people for each row execute function announce_lost_access('person');
