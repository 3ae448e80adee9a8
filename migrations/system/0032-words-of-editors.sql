-- What an edited job hands on is its editor's too: else a worker that adds jobs would have others do as a service what the editor may not say.

set local role ":QUEUE_KEEPER";

comment on column rowhouse_queue.job.is_edited is 'Its input is of somebody who edited a job that had failed, or came of such a one.';

-- The runner says so of the jobs that an edited one adds, for the call that adds them.
create function rowhouse_queue.are_words_of_editor() returns boolean
language sql stable set search_path = '' as $$
  select coalesce(pg_catalog.current_setting('rowhouse.words_of_editor', true), '') = 'on'
$$;

create function rowhouse_queue.mark_words() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  new.is_edited := rowhouse_queue.are_words_of_editor();
  new.caused_by := case when new.is_edited then new.actor_id end;
  return new;
end
$$;

drop trigger forget_editor on rowhouse_queue.job;
drop function rowhouse_queue.forget_editor();

create trigger mark_words before insert on rowhouse_queue.job for each row
when (rowhouse_queue.are_words_of_editor()) execute function rowhouse_queue.mark_words();

-- A newer job with the key takes the place of one that waits, with its own rights: whose words those are is known again.
create trigger mark_newer_words before update of input on rowhouse_queue.job for each row
when (old.is_edited or rowhouse_queue.are_words_of_editor()) execute function rowhouse_queue.mark_words();

comment on function rowhouse_queue.are_words_of_editor() is 'Whether what is added came of an edited job.';
comment on function rowhouse_queue.mark_words() is 'Trigger: whose words the input of a job is.';
