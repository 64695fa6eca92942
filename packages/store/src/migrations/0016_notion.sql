-- Databases of Notion that people connected as queues, and the pages of them that became sessions. What a session is about
-- stands in its log; these rows say where in Notion it belongs and how far its log was told there.

create table notion_databases (
  owner_id text not null,
  data_source_id text not null,
  database_id text not null,
  -- Who set it up; sessions and answers from its pages are theirs.
  person_id text not null,
  title text not null,
  -- Ids of the properties, which stay when they are renamed.
  fields json not null,
  -- What the states are called in this database.
  statuses json not null,
  -- How sessions start: repository, model, autonomy, budget.
  defaults json not null,
  -- Notion's people whose comments count, besides who is assigned and who connected the account.
  allowed_people text[] not null default '{}',
  -- Whether pages start sessions by their status.
  is_queue boolean not null,
  due_at timestamptz not null default clock_timestamp(),
  looked_at timestamptz,
  problem text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (owner_id, data_source_id)
);
create index notion_databases_due on notion_databases (due_at) where is_queue;

-- One row for each time that a page becomes a session; whoever inserts it first has claimed the page.
create table notion_tasks (
  session_id text primary key,
  owner_id text not null,
  data_source_id text not null,
  page_id text not null,
  round integer not null check (round > 0),
  url text not null,
  title text not null,
  -- Up to which event the session's log has been turned into writes.
  told_seq integer not null default 0,
  -- The state that the page was last given; null: none yet.
  state text,
  -- Ids of comments that were dealt with.
  seen_comments text[] not null default '{}',
  comments_due_at timestamptz not null default clock_timestamp(),
  -- Why nothing can be written any more, such as a deleted page.
  problem text,
  -- When the page showed the newest state.
  written_at timestamptz,
  claimed_at timestamptz not null default clock_timestamp(),
  unique (owner_id, page_id, round)
);
create index notion_tasks_by_comments on notion_tasks (comments_due_at) where problem is null;

alter table notion_databases enable row level security;
create policy own on notion_databases for all to slipway_person using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select, insert, update, delete on notion_databases to slipway_person;

alter table notion_tasks enable row level security;
create policy own on notion_tasks for select to slipway_person using (owner_id = (select current_owner()));
grant select on notion_tasks to slipway_person;
