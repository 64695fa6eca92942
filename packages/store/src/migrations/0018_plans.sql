-- Ideas that become plans. The sessions that a plan starts have logs of their own and never need these rows; what these rows
-- are the only place for is what was typed, what was made of it, and what the model was paid for it.

create table plans (
  id text primary key,
  owner_id text not null,
  -- Who made it; sessions and writes are theirs.
  person_id text not null,
  title text not null,
  -- As it was typed or read; never changed, whatever goes wrong afterwards.
  idea text not null,
  source text not null check (source in ('chat', 'cli', 'api', 'notion')),
  page_id text,
  page_url text,
  -- How its sessions start: repository, base, model, autonomy, checks, budget.
  request json not null,
  -- The role that reads ideas and plans, and the model that its sessions will use.
  thinker json not null,
  code_model text not null,
  requirements json,
  tasks json,
  -- Counts every change, so that nobody approves or overwrites what they have not seen.
  version integer not null default 1,
  -- What the model is asked for now, for the how-manieth time, and what to heed.
  asked text check (asked in ('requirements', 'tasks')),
  round integer not null default 0,
  wish text,
  -- Why the model's last work failed, or waits.
  problem text,
  due_at timestamptz not null default clock_timestamp(),
  -- Grows with each claim: who lost the plan to another process writes nothing any more.
  fence integer not null default 0,
  -- The repository that has to be made for it first, and what became of that.
  new_repository json,
  repository_asked text,
  repository_problem text,
  -- The database of Notion in which its tasks are rows.
  data_source_id text,
  dropped_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index plans_by_owner on plans (owner_id, created_at);
create index plans_due on plans (due_at) where asked is not null and dropped_at is null;

-- Calls of the model: written before a call is made, ended with its outcome.
create table plan_calls (
  call_id text primary key,
  plan_id text not null references plans (id),
  owner_id text not null,
  asked text not null,
  round integer not null,
  attempt integer not null,
  model text not null,
  reserved_micros bigint not null,
  asked_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text check (outcome in ('answered', 'unusable', 'failed', 'interrupted')),
  -- Whether the outcome is one that the model gave.
  kind text,
  message text,
  -- What could not be used, so that the model can be shown its mistake.
  answer json,
  retry_at timestamptz,
  usage json,
  -- null: no price is known.
  cost_micros bigint
);
create index plan_calls_by_plan on plan_calls (plan_id, asked_at);

-- One row for each task of a plan that was approved or has a page.
create table plan_tasks (
  plan_id text not null references plans (id),
  key text not null,
  owner_id text not null,
  approved_at timestamptz,
  approved_by text,
  -- Started whatever became of the tasks that it depends on.
  is_forced boolean not null default false,
  session_id text,
  started_at timestamptz,
  -- Why it has not started; null: nothing speaks against it.
  waits_for text,
  page_id text,
  page_url text,
  page_problem text,
  due_at timestamptz not null default clock_timestamp(),
  fence integer not null default 0,
  primary key (plan_id, key)
);
create index plan_tasks_due on plan_tasks (due_at) where session_id is null;
create index plan_tasks_by_page on plan_tasks (owner_id, page_id) where page_id is not null;

alter table plans enable row level security;
create policy own on plans for all to slipway_person using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select, insert, update on plans to slipway_person;

alter table plan_calls enable row level security;
create policy own on plan_calls for select to slipway_person using (owner_id = (select current_owner()));
grant select on plan_calls to slipway_person;

alter table plan_tasks enable row level security;
create policy own on plan_tasks for all to slipway_person using (owner_id = (select current_owner()))
  with check (owner_id = (select current_owner())
    and exists (select from plans where plans.id = plan_tasks.plan_id and plans.owner_id = (select current_owner())));
grant select, insert, update on plan_tasks to slipway_person;
