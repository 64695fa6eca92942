-- One row per session: what lists show, and the durable work queue (wake_at and the lease).
-- `fence` grows with every claim and never falls, so that a worker that lost its lease cannot write.

create table sessions (
  id text primary key,
  owner_id text not null,
  title text not null,
  repository_url text not null,
  status text not null check (status in ('running', 'waiting', 'done')),
  outcome text,
  open_asks text[] not null default '{}',
  cost_micros bigint not null default 0,
  head integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  wake_at timestamptz,
  lease_worker text,
  lease_fence bigint not null default 0,
  lease_until timestamptz
) with (fillfactor = 50); -- Every append updates the row in place.

create index sessions_by_age on sessions (created_at desc, id desc);
create index sessions_by_owner on sessions (owner_id, created_at desc, id desc);
create index sessions_by_prefix on sessions (id text_pattern_ops);
create index sessions_due on sessions (wake_at) where wake_at is not null;
create index sessions_leased on sessions (lease_until) where lease_until is not null;

-- What a batch of events does to its session's row; the keys are those of SessionChange in session-projection.ts.
create function apply_session_change(row_before sessions, change json) returns sessions language plpgsql immutable as $$
declare
  result sessions := row_before;
  asked text[] := array(select json_array_elements_text(change -> 'asked'));
  answered text[] := array(select json_array_elements_text(change -> 'answered'));
begin
  if (change ->> 'voidsQuestions')::boolean then
    result.open_asks := '{}';
  end if;
  if (change ->> 'dropsCost')::boolean then
    result.cost_micros := 0;
  end if;
  result.title := coalesce(change ->> 'title', result.title);
  result.cost_micros := result.cost_micros + (change ->> 'costMicros')::bigint;
  result.open_asks := array(select ask from unnest(result.open_asks) as ask where ask <> all (answered)) || asked;
  if change ->> 'status' is not null then
    result.status := change ->> 'status';
    result.outcome := change ->> 'outcome';
  end if;
  if (change ->> 'waitsForAllAnswers')::boolean and cardinality(result.open_asks) > 0 then
    result.status := 'waiting';
  end if;
  return result;
end $$;

-- The append: fence, head, events and projection in one round trip. Nothing is written unless kind is 'ok'.
create function append_events(
  in wanted_session text, in expected_head integer, in worker text, in fence bigint, in wakes boolean,
  in ids text[], in ats timestamptz[], in actors text[], in types text[], in bodies text[], in body_blobs text[],
  in created json, in change json,
  out kind text, out first_seq integer
) language plpgsql as $$
declare
  session sessions;
  is_new boolean := false;
begin
  if created is not null and not exists (select from sessions where id = wanted_session) then
    insert into sessions (id, owner_id, title, repository_url, status, head, created_at, updated_at)
    values (wanted_session, created ->> 'ownerId', created ->> 'title', created ->> 'repositoryUrl', 'running', 0, ats[1], ats[1])
    on conflict (id) do nothing;
    is_new := found;
  end if;

  select * into session from sessions where id = wanted_session for update;
  if session.id is null then
    kind := 'unknown-session';
    return;
  end if;
  first_seq := session.head + 1;
  -- A lease that ran out is lost even when nobody else has taken it: the worker may have been frozen for long.
  if worker is not null and (session.lease_worker is distinct from worker or session.lease_fence <> fence
      or session.lease_until is null or session.lease_until <= clock_timestamp()) then
    kind := 'fenced';
  elsif expected_head is not null and expected_head <> session.head then
    kind := 'conflict';
  elsif created is not null and not is_new then
    kind := 'conflict';
  else
    kind := 'ok';
  end if;
  if kind <> 'ok' then
    if is_new then
      delete from sessions where id = wanted_session;
    end if;
    return;
  end if;

  insert into events (session_id, seq, id, at, version, actor, type, body, body_blob)
  select wanted_session, session.head + position, new.id, new.at, 1, new.actor::json, new.type, new.body::json, new.body_blob
  from unnest(ids, ats, actors, types, bodies, body_blobs) with ordinality as new (id, at, actor, type, body, body_blob, position);

  session := apply_session_change(session, change);
  update sessions set
    title = session.title, status = session.status, outcome = session.outcome, open_asks = session.open_asks,
    cost_micros = session.cost_micros, head = session.head + cardinality(ids),
    updated_at = greatest(session.updated_at, (select max(at) from unnest(ats) as at)),
    wake_at = case when wakes then least(session.wake_at, clock_timestamp()) else session.wake_at end
  where id = wanted_session;
end $$;
