import type { Client } from 'pg'

/** A table of all that lies above and below each other, each folder itself included, filled. */
export async function makeClosure(admin: Client): Promise<void> {
  await admin.query(`
    create schema bench;
    create table bench.line (tenant_id uuid not null, above uuid not null, below uuid not null);
    insert into bench.line
      with recursive l as (select tenant_id, id as above, id as below from app.folder
        union all select f.tenant_id, l.above, f.id from l join app.folder f on f.tenant_id = l.tenant_id and f.parent_id = l.below)
      select * from l;
    alter table bench.line add primary key (tenant_id, above, below);
    create index on bench.line (tenant_id, below, above)`)
}

/** Triggers that keep it. */
export async function keepClosure(admin: Client): Promise<void> {
  await admin.query(`
    create function bench.keep_line() returns trigger language plpgsql as $$ begin
      if tg_op = 'INSERT' then
        insert into bench.line values (new.tenant_id, new.id, new.id);
        insert into bench.line select new.tenant_id, k.above, new.id from bench.line k where k.tenant_id = new.tenant_id and k.below = new.parent_id;
        return null;
      end if;
      delete from bench.line k using bench.line b, bench.line a
        where b.tenant_id = new.tenant_id and b.above = new.id and a.tenant_id = new.tenant_id and a.below = new.id and a.above <> new.id
          and k.tenant_id = new.tenant_id and k.above = a.above and k.below = b.below;
      insert into bench.line select new.tenant_id, a.above, b.below from bench.line a, bench.line b
        where a.tenant_id = new.tenant_id and a.below = new.parent_id and b.tenant_id = new.tenant_id and b.above = new.id;
      return null;
    end $$;
    create trigger keep_line_insert after insert on app.folder for each row execute function bench.keep_line();
    create trigger keep_line_move after update of parent_id on app.folder for each row
      when (new.parent_id is distinct from old.parent_id) execute function bench.keep_line()`)
}

/** Takes the triggers away again. */
export async function leaveClosure(admin: Client): Promise<void> {
  await admin.query(
    'drop trigger keep_line_insert on app.folder; drop trigger keep_line_move on app.folder; drop function bench.keep_line()',
  )
}
