-- A person sees only what is theirs, whatever a query asks for. Queries for a person run as slipway_person, with the
-- owner in the setting slipway.owner; see person-store.ts. The server's own work runs as the tables' owner, for whom
-- policies do not hold. Repeatable where it touches events and blobs, which outlive the other tables.

-- Without the setting this is null, and no row is anybody's.
create or replace function current_owner() returns text language sql stable parallel safe as $$
  select nullif(current_setting('slipway.owner', true), '')
$$;

-- As the tables' owner, because the search for a blob could not use its index under the policy of events.
create index if not exists events_by_body_blob on events (body_blob) where body_blob is not null;
create index if not exists events_by_output_blob on events ((body ->> 'blob')) where type = 'tool-finished' and body ->> 'blob' is not null;
create or replace function owns_blob(wanted text, wanted_owner text) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
  select exists (
    select from public.events e join public.sessions s on s.id = e.session_id
    where e.body_blob = wanted and s.owner_id = wanted_owner)
  or exists (
    select from public.events e join public.sessions s on s.id = e.session_id
    where e.type = 'tool-finished' and e.body ->> 'blob' = wanted and e.body ->> 'blob' is not null and s.owner_id = wanted_owner)
$$;
revoke execute on function owns_blob(text, text) from public;
grant execute on function owns_blob(text, text) to slipway_person;

do $$
declare
  place text := current_schema();
begin
  execute format('grant usage on schema %I to slipway_person', place);
end $$;

alter table sessions enable row level security;
create policy own on sessions for select to slipway_person using (owner_id = (select current_owner()));
grant select on sessions to slipway_person;

alter table events enable row level security;
drop policy if exists own on events;
create policy own on events for select to slipway_person using (
  exists (select from sessions where sessions.id = events.session_id and sessions.owner_id = (select current_owner())));
grant select on events to slipway_person;

alter table blobs enable row level security;
drop policy if exists own on blobs;
create policy own on blobs for select to slipway_person using (owns_blob(sha, (select current_owner())));
grant select on blobs to slipway_person;

alter table budgets enable row level security;
create policy own on budgets for select to slipway_person using (scope = 'owner' and scope_id = (select current_owner()));
grant select on budgets to slipway_person;

alter table budget_entries enable row level security;
create policy own on budget_entries for select to slipway_person using (owner_id = (select current_owner()));
grant select on budget_entries to slipway_person;

alter table effects enable row level security;
create policy own on effects for select to slipway_person using (
  exists (select from sessions where sessions.id = effects.session_id and sessions.owner_id = (select current_owner())));
grant select on effects to slipway_person;

alter table search_entries enable row level security;
create policy own on search_entries for select to slipway_person using (
  exists (select from sessions where sessions.id = search_entries.session_id and sessions.owner_id = (select current_owner())));
grant select on search_entries to slipway_person;

alter table search_progress enable row level security;
create policy own on search_progress for select to slipway_person using (
  exists (select from sessions where sessions.id = search_progress.session_id and sessions.owner_id = (select current_owner())));
grant select on search_progress to slipway_person;

alter table session_marks enable row level security;
create policy own on session_marks for all to slipway_person using (owner_id = (select current_owner()))
  with check (owner_id = (select current_owner())
    and exists (select from sessions where sessions.id = session_marks.session_id and sessions.owner_id = (select current_owner())));
grant select, insert, update, delete on session_marks to slipway_person;

alter table preferences enable row level security;
create policy own on preferences for all to slipway_person using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select, insert, update on preferences to slipway_person;

-- The hashes stay out of reach.
alter table api_keys enable row level security;
create policy own on api_keys for all to slipway_person using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select (id, owner_id, person_id, name, hint, created_at, expires_at, last_used_at, revoked_at),
  insert (owner_id, person_id, name, hint, hash, expires_at), update (revoked_at) on api_keys to slipway_person;

alter table shares enable row level security;
create policy own on shares for all to slipway_person using (owner_id = (select current_owner()))
  with check (owner_id = (select current_owner())
    and exists (select from sessions where sessions.id = shares.session_id and sessions.owner_id = (select current_owner())));
grant select (id, owner_id, session_id, hint, created_at, expires_at, withdrawn_at),
  insert (owner_id, session_id, hint, hash, expires_at), update (withdrawn_at) on shares to slipway_person;

-- Not for a person at all: neither grant nor policy.
alter table people enable row level security;
alter table audit enable row level security;
alter table attempts enable row level security;
