-- What the base has become can be taken into a session's work tree, which says where the work is, too. The list of types is also in
-- session-facts.ts.
drop index if exists events_of_work;
create index events_of_work on events (session_id, type, seq) where type in (
  'session-created', 'session-forked', 'repository-prepared', 'base-taken-in', 'sandbox-started', 'checkpoint-created',
  'checkpoint-restored', 'change-request-opened', 'checks-reported', 'human-asked');
