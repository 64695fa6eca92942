-- Vercel tells of deployments, too.
alter table deliveries drop constraint deliveries_provider_check;
alter table deliveries add constraint deliveries_provider_check check (provider in ('github', 'gitlab', 'notion', 'vercel'));
