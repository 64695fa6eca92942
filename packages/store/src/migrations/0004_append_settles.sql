-- The append becomes cheaper and settles model calls itself.

drop function append_events(
  text, integer, text, bigint, boolean, text[], timestamptz[], text[], text[], text[], text[], json, json);

-- Fence, head, events, projection and what calls really cost in one round trip. Nothing is written unless kind is 'ok'.
-- `change` is null when the batch neither creates, asks, answers nor forks; then the four `new_` values say all of it.
create function append_events(
  in wanted_session text, in expected_head integer, in worker text, in fence bigint, in wakes boolean,
  in ids text[], in ats timestamptz[], in actors text[], in types text[], in bodies text[], in body_blobs text[],
  in created json, in change json, in new_title text, in new_status text, in new_outcome text, in new_cost bigint,
  in settled_calls text[], in settled_micros bigint[],
  out kind text, out first_seq integer
) language plpgsql as $$
declare
  session sessions;
  is_new boolean := false;
  newest timestamptz := (select max(at) from unnest(ats) as at);
begin
  if change is null and created is null then
    update sessions set
      title = coalesce(new_title, title),
      status = coalesce(new_status, status),
      outcome = case when new_status is null then outcome else new_outcome end,
      cost_micros = cost_micros + new_cost,
      head = head + cardinality(ids),
      updated_at = greatest(updated_at, newest),
      wake_at = case when wakes then least(wake_at, clock_timestamp()) else wake_at end
    where id = wanted_session
      and (worker is null or (lease_worker = worker and lease_fence = fence and lease_until > clock_timestamp()))
      and (expected_head is null or head = expected_head)
    returning head - cardinality(ids) + 1 into first_seq;
    if found then
      kind := 'ok';
    end if;
  end if;

  if kind is null then
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
    -- Another append may have come between the two looks, so the plain change is applied here as well.
    if change is not null then
      session := apply_session_change(session, change);
    else
      session.title := coalesce(new_title, session.title);
      session.outcome := case when new_status is null then session.outcome else new_outcome end;
      session.status := coalesce(new_status, session.status);
      session.cost_micros := session.cost_micros + new_cost;
    end if;
    update sessions set
      title = session.title, status = session.status, outcome = session.outcome, open_asks = session.open_asks,
      cost_micros = session.cost_micros, head = session.head + cardinality(ids),
      updated_at = greatest(session.updated_at, newest),
      wake_at = case when wakes then least(session.wake_at, clock_timestamp()) else session.wake_at end
    where id = wanted_session;
  end if;

  insert into events (session_id, seq, id, at, version, actor, type, body, body_blob)
  select wanted_session, first_seq - 1 + position, new.id, new.at, 1, new.actor::json, new.type, new.body::json, new.body_blob
  from unnest(ids, ats, actors, types, bodies, body_blobs) with ordinality as new (id, at, actor, type, body, body_blob, position);

  if cardinality(settled_calls) > 0 then
    perform settle_budget(call, micros) from unnest(settled_calls, settled_micros) as settled (call, micros);
  end if;
end $$;
