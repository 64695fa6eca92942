-- Shared limits. `spent_micros` counts the entries since `period_start`, reservations included, so that a reservation
-- needs no sum over history; the locked row is what makes parallel reservations exact.
create table budgets (
  scope text not null check (scope in ('owner', 'installation')),
  scope_id text not null,
  period text not null check (period in ('day', 'month', 'total')),
  limit_micros bigint not null check (limit_micros >= 0),
  period_start timestamptz not null,
  spent_micros bigint not null default 0,
  primary key (scope, scope_id, period)
);

-- One row per model call: first what it may cost at most, then what it cost.
create table budget_entries (
  call_id text primary key,
  session_id text not null,
  owner_id text not null,
  micros bigint not null,
  is_settled boolean not null default false,
  at timestamptz not null default clock_timestamp()
);
create index budget_entries_by_owner on budget_entries (owner_id, at);
create index budget_entries_by_time on budget_entries (at);

create function budget_period_start(period text, at timestamptz) returns timestamptz language sql immutable as $$
  select case period
    when 'day' then date_trunc('day', at at time zone 'UTC') at time zone 'UTC'
    when 'month' then date_trunc('month', at at time zone 'UTC') at time zone 'UTC'
    else 'epoch'::timestamptz
  end
$$;

-- Returns the first budget that has no room, or no row when the reservation was made.
create function reserve_budget(call text, for_session text, for_owner text, wanted_micros bigint)
returns setof budgets language plpgsql as $$
declare
  now_at timestamptz;
  budget budgets;
begin
  -- Always in the same order, so that two reservations never wait for each other.
  perform from budgets
  where (scope = 'owner' and scope_id = for_owner) or scope = 'installation'
  order by scope, scope_id, period for update;
  if exists (select from budget_entries where call_id = call) then
    return;
  end if;
  now_at := clock_timestamp();
  update budgets set period_start = budget_period_start(period, now_at), spent_micros = 0
  where ((scope = 'owner' and scope_id = for_owner) or scope = 'installation') and period_start < budget_period_start(period, now_at);

  select * into budget from budgets
  where ((scope = 'owner' and scope_id = for_owner) or scope = 'installation') and spent_micros + wanted_micros > limit_micros
  order by scope, scope_id, period limit 1;
  if found then
    return next budget;
    return;
  end if;

  insert into budget_entries (call_id, session_id, owner_id, micros, at) values (call, for_session, for_owner, wanted_micros, now_at)
  on conflict (call_id) do nothing;
  if found then
    update budgets set spent_micros = spent_micros + wanted_micros
    where (scope = 'owner' and scope_id = for_owner) or scope = 'installation';
  end if;
end $$;

create function settle_budget(call text, real_micros bigint) returns void language plpgsql as $$
declare
  entry budget_entries;
begin
  select * into entry from budget_entries where call_id = call;
  if not found then
    return;
  end if;
  perform from budgets
  where (scope = 'owner' and scope_id = entry.owner_id) or scope = 'installation'
  order by scope, scope_id, period for update;
  select * into entry from budget_entries where call_id = call for update;
  if entry.is_settled then
    return;
  end if;
  update budget_entries set micros = real_micros, is_settled = true where call_id = call;
  update budgets set spent_micros = spent_micros + real_micros - entry.micros
  where ((scope = 'owner' and scope_id = entry.owner_id) or scope = 'installation') and entry.at >= period_start;
end $$;

create function set_budget_limit(of_scope text, of_id text, of_period text, new_limit bigint) returns void language plpgsql as $$
declare
  since timestamptz := budget_period_start(of_period, clock_timestamp());
begin
  perform pg_advisory_xact_lock(7305219648302); -- One at a time, so that the insert below meets no other.
  update budgets set limit_micros = new_limit where scope = of_scope and scope_id = of_id and period = of_period;
  if found then
    return;
  end if;
  -- Reservations made while the sum is taken would be missed; limits are set rarely, so they wait.
  lock table budget_entries in share row exclusive mode;
  insert into budgets (scope, scope_id, period, limit_micros, period_start, spent_micros)
  values (of_scope, of_id, of_period, new_limit, since, coalesce((
    select sum(micros) from budget_entries where at >= since and (of_scope = 'installation' or owner_id = of_id)), 0));
end $$;

-- Outward calls, so that a repeated one is looked up first. Lost rows are no lost truth: the outside world is asked.
create table effects (
  key text primary key,
  session_id text not null,
  kind text not null,
  request json not null,
  is_done boolean not null default false,
  answer json,
  intended_at timestamptz not null default clock_timestamp(),
  done_at timestamptz
);
create index effects_by_session on effects (session_id);
