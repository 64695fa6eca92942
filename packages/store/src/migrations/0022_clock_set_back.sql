-- What is due later is kept as a time of the database's clock. Where that is set back, everything would wait for as long as the
-- step was: a retry in five seconds for an hour. The newest time that was seen tells it; routines, which people give in times of
-- day, stay where they are.
create table newest_time (
  is_only boolean primary key default true check (is_only),
  seen_at timestamptz not null
);
insert into newest_time (seen_at) values (clock_timestamp());

-- Moves everything that waits by the step when the clock was set back by more than twenty seconds. Returns the step; null: it was not.
create function follow_clock() returns interval language plpgsql as $$
declare
  seen timestamptz;
  step interval;
begin
  select seen_at into seen from newest_time;
  if abs(extract(epoch from clock_timestamp() - seen)) < 10 then
    return null;
  end if;
  -- Two that see it at once: the second finds it dealt with.
  select seen_at into seen from newest_time for update;
  step := seen - clock_timestamp();
  if step < interval '10 seconds' then
    update newest_time set seen_at = greatest(seen_at, clock_timestamp());
    return null;
  end if;
  update newest_time set seen_at = clock_timestamp();
  update sessions set wake_at = wake_at - step, lease_until = lease_until - step where wake_at is not null or lease_until is not null;
  update deliveries set due_at = due_at - step where state = 'queued';
  update outbox set due_at = due_at - step where done_at is null and given_up_at is null;
  update followed set due_at = due_at - step where ended_at is null;
  update notion_databases set due_at = due_at - step;
  update notion_tasks set comments_due_at = comments_due_at - step where problem is null;
  update deployments set due_at = due_at - step where ended_at is null;
  update plans set due_at = due_at - step where asked is not null and dropped_at is null;
  update plan_tasks set due_at = due_at - step where session_id is null;
  return step;
end $$;
