-- Where what sessions pushed is deployed, and when to look next. What happened stands in the log; this can be made again.
create table deployments (
  session_id text not null,
  -- `preview <commit>` or `production <id of the request>`.
  key text not null,
  owner_id text not null,
  repository_url text not null,
  branch text not null,
  oid text not null,
  target text not null check (target in ('preview', 'production')),
  asked_at timestamptz not null,
  project_id text,
  project_name text,
  deployment_id text,
  -- When the deployer was asked to make it; until then it may make it by itself.
  ordered_at timestamptz,
  state text not null default 'WAITING',
  url text,
  inspector_url text,
  problem text,
  due_at timestamptz not null default clock_timestamp(),
  looks integer not null default 0,
  ended_at timestamptz,
  primary key (session_id, key)
);
create index deployments_due on deployments (due_at) where ended_at is null;
create index if not exists events_of_pushes on events (at) where type = 'branch-pushed';

alter table deployments enable row level security;
create policy own on deployments for select to slipway_person using (owner_id = (select current_owner()));
grant select on deployments to slipway_person;
