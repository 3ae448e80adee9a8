import type { PlatformRoles } from '#migrations'
import type { KnownFunction } from './check-functions.ts'

/** The platform's functions that requests may call; the page "What Rowhouse makes in Postgres" lists them. */
export function platformFunctions(names: PlatformRoles): readonly KnownFunction[] {
  const execute = [names.member, names.anonymous]
  return [
    ...signatures.map((signature) => ({ signature, execute })),
    ...membersAlone.map((signature) => ({ signature, execute: [names.member] })),
    ...ofQueue.map((signature) => ({ signature, execute: [names.queue] })),
    ...ofRunners.map((signature) => ({ signature, execute: [names.jobs] })),
  ]
}

const signatures = [
  'rowhouse.tenant_id()',
  'rowhouse.actor_id()',
  'rowhouse.claim(text)',
  'rowhouse.become_queue()',
  'rowhouse.request_mfa()',
  'rowhouse.request_ip()',
  'rowhouse.request_signed_in_for()',
  'rowhouse.uuid_v7()',
  'rowhouse.random_text(integer)',
  'rowhouse.column_list(regclass, jsonb)',
  'rowhouse.create_row(regclass, jsonb)',
  'rowhouse.row_condition(regclass, jsonb)',
  'rowhouse.expected_condition(regclass, jsonb)',
  'rowhouse.expected_terms(regclass, jsonb)',
  'rowhouse.update_row(regclass, jsonb, jsonb)',
  'rowhouse.delete_row(regclass, jsonb)',
  'rowhouse.column_terms(regclass, jsonb, text, text)',
  'rowhouse.create_rows(regclass, jsonb)',
  'rowhouse.update_rows(regclass, jsonb)',
  'rowhouse.delete_rows(regclass, jsonb)',
  'rowhouse.key_arguments(jsonb, jsonb)',
  'rowhouse.add_links(text, jsonb, jsonb)',
  'rowhouse.write_row(text, regclass, jsonb, jsonb)',
  'rowhouse.write_at_once(text, regclass, jsonb, jsonb)',
  'rowhouse.denial_of(text, jsonb, jsonb)',
  'rowhouse.write_in_turn(text, regclass, jsonb, jsonb)',
  'rowhouse.write_rows(text, regclass, jsonb, jsonb)',
  'rowhouse.sought_keys(regclass, jsonb, jsonb)',
  'rowhouse.sought_terms(regclass, jsonb, jsonb)',
  'rowhouse.key_pairs(jsonb)',
  'rowhouse.key_text(jsonb, jsonb)',
  'rowhouse.upsert_row(regclass, jsonb, jsonb)',
  'rowhouse.upsert_rows(regclass, jsonb, jsonb)',
  'rowhouse.texts_fit(text[], integer, integer, text[])',
  'rowhouse.bytes_fit(bytea[], integer)',
  'rowhouse.is_day(text)',
  'rowhouse.json_fits(jsonb, jsonb)',
  'rowhouse_private.script_choices()',
  'rowhouse_private.script_source(text, text)',
  'rowhouse_private.keep_script_run(text, integer, text, text, integer, jsonb)',
]

/** For whom somebody vouches. */
const membersAlone = [
  'rowhouse_private.begin_once(bytea, bytea[], interval)',
  'rowhouse_private.keep_answer(bytea, jsonb)',
  'rowhouse_private.script_versions(text, integer)',
  'rowhouse_private.script_version(text, integer)',
  'rowhouse_private.publish_script(text, text, text)',
  'rowhouse_private.choose_script(text, integer)',
  'rowhouse_private.record_script(text, boolean)',
  'rowhouse_private.script_runs(text, integer)',
  'rowhouse_private.failed_jobs(text, timestamp with time zone, uuid, integer)',
  'rowhouse_private.failed_job(uuid)',
  'rowhouse_private.edit_failed_job(uuid, jsonb, text, text[])',
  'rowhouse_private.replay_failed_job(uuid)',
  'rowhouse_private.discard_failed_job(uuid)',
]

/** What a request calls as the role that adds jobs. */
const ofQueue = [
  'rowhouse_queue.add_job(text, jsonb, text[], text, timestamp with time zone, smallint, smallint)',
  'rowhouse_queue.add_and_return(text, jsonb, text[], text, timestamp with time zone, smallint, smallint)',
]

/** What runners of jobs call. */
const ofRunners = [
  'rowhouse_queue.take_jobs(uuid, text[], integer, uuid, uuid[], integer)',
  'rowhouse_queue.next_due()',
  'rowhouse_queue.complete_jobs(uuid, uuid[])',
  'rowhouse_queue.settle_job(uuid, uuid)',
  'rowhouse_queue.fail_job(uuid, uuid, text, interval)',
  'rowhouse_queue.return_jobs(uuid, uuid[])',
  'rowhouse_queue.recall_jobs(uuid, uuid[])',
  'rowhouse_queue.beat(uuid, interval)',
  'rowhouse_queue.leave(uuid)',
  'rowhouse_queue.tell_progress(uuid, uuid, jsonb)',
  'rowhouse_queue.sweep_failed_jobs(interval, integer)',
  'rowhouse_private.sweep_tenants(text, interval, uuid, integer)',
  'rowhouse_queue.add_tick(text, timestamp with time zone, boolean, smallint)',
]
