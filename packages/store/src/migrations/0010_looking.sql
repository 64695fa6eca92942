-- What people look at beside the log: search, lists by what they need, and marks of their own.

-- The few events that say where the work is. The list of types is also in session-facts.ts.
create index if not exists events_of_work on events (session_id, type, seq) where type in (
  'session-created', 'session-forked', 'repository-prepared', 'sandbox-started', 'checkpoint-created', 'checkpoint-restored',
  'change-request-opened', 'checks-reported', 'human-asked');

-- Words of events, made from the log when somebody is about to search; can be dropped and made again.
create table search_entries (
  session_id text not null,
  seq integer not null,
  kind text not null check (kind in ('task', 'person', 'agent', 'command', 'output')),
  text text not null,
  words tsvector generated always as (to_tsvector('simple', text)) stored,
  primary key (session_id, seq, kind)
);
create index search_entries_by_word on search_entries using gin (words);

create table search_progress (
  session_id text primary key,
  seq integer not null
);

-- A person's own, not part of what happened.
create table session_marks (
  owner_id text not null,
  session_id text not null,
  archived_at timestamptz,
  primary key (owner_id, session_id)
);
