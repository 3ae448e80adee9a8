-- Where the connection of a runner breaks, it may hold jobs that it was never told of, or has told of in vain: nobody else would do them while it lives.

set local role ":QUEUE_KEEPER";

-- Jobs wait again. Of those with a key the newest one is enough, also among those that come back together: it does the same, with newer input.
create or replace function rowhouse_queue.put_back(ids uuid[], told text, wait interval) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from rowhouse_queue.job j
  where j.id = any (ids) and j.key is not null and exists (
    select from rowhouse_queue.job o
    where o.turn = j.turn and o.task = j.task and o.key = j.key and o.id <> j.id
      and (o.state <> 'taken' or (o.id = any (ids) and o.id > j.id))
  );
  update rowhouse_queue.job j
  set state = case when wait > interval '0' then 'waiting' else 'ready' end, run_at = pg_catalog.now() + wait, runner = null,
    error = coalesce(told, j.error)
  where j.id = any (ids) and j.state = 'taken';
  perform pg_catalog.pg_notify('rowhouse_jobs', case when wait > interval '0' then 'later' else 'now' end);
end
$$;

-- Jobs of a living runner that it does not know are there for others again. Returns how many.
create function rowhouse_queue.recall_jobs(by_runner uuid, known uuid[]) returns integer
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
  lost constant uuid[] := array(
    select j.id from rowhouse_queue.job j where j.state = 'taken' and j.runner = by_runner and not (j.id = any (known)) for update
  );
begin
  if pg_catalog.cardinality(lost) > 0 then
    perform rowhouse_queue.put_back(lost, null, interval '0');
  end if;
  return pg_catalog.cardinality(lost);
end
$$;

-- A runner that ends in an orderly way, and leaves what it could not tell the end of.
create or replace function rowhouse_queue.leave(by_runner uuid) returns void
language sql volatile security definer set search_path = '' as $$
  select rowhouse_queue.recall_jobs(by_runner, '{}');
  delete from rowhouse_queue.runner r where r.id = by_runner
$$;

grant execute on function rowhouse_queue.recall_jobs(uuid, uuid[]) to ":JOBS";
