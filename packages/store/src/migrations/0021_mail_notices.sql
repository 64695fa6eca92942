-- Of what somebody wants to hear by mail, and from when on; null: nothing.
create table mail_choices (
  owner_id text primary key,
  needs_you_since timestamptz,
  finished_since timestamptz,
  failed_since timestamptz
);
alter table mail_choices enable row level security;
create policy own on mail_choices for all to slipway_person
  using (owner_id = (select current_owner())) with check (owner_id = (select current_owner()));
grant select, insert, update on mail_choices to slipway_person;

create index if not exists events_of_notices on events (at) where type in ('human-asked', 'session-finished');
