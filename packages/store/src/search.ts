// Full-text search over what was said, done and printed. The words are made from the log when somebody is about to search,
// so that an append costs nothing more.

import type { EventBody, SessionEvent } from '@slipway/core/events'
import type { Pool } from 'pg'
import { eventColumns, toEvent, type EventRow } from './event-row.ts'
import type { PersonStore, Queryable } from './person-store.ts'

export type SearchKind = 'task' | 'person' | 'agent' | 'command' | 'output'

export interface SearchHit {
  sessionId: string
  title: string
  seq: number
  kind: SearchKind
  /** Text around the words, in order. */
  excerpt: { text: string; isMatch: boolean }[]
}

/** Longer text would make the insert fail at a million words. */
const LONGEST_TEXT = 100_000
const LONGEST_OUTPUT = 20_000
const BATCH = 500
/** Any number that nobody else uses on this database. */
const ADVISORY_LOCK = 7_305_219_648_303
const [START, END] = ['\u0002', '\u0003'] as const

/** Takes in events that are not searchable yet, at most `limit` of them; one process at a time does it. True: all that was stored when it was called can be found. */
export async function catchUpSearch(pool: Pool, limit: number): Promise<boolean> {
  const client = await pool.connect()
  try {
    const locked = await client.query<{ ok: boolean }>('select pg_try_advisory_lock($1) as ok', [ADVISORY_LOCK])
    // Whoever has the lock may be in the middle of it.
    if (locked.rows[0]?.ok !== true) return (await findBehind(client)) === null
    try {
      for (let left = limit; left > 0; ) {
        const taken = await takeBatch(client, Math.min(BATCH, left))
        if (taken === 0) return true
        left -= taken
      }
      return (await findBehind(client)) === null
    } finally {
      await client.query('select pg_advisory_unlock($1)', [ADVISORY_LOCK])
    }
  } finally {
    client.release()
  }
}

/** Of the sessions with events that are not searchable yet, the one that changed last, and up to where it is. */
async function findBehind(client: Queryable): Promise<{ id: string; seq: number } | null> {
  const behind = await client.query<{ id: string; seq: number }>(
    `select s.id, coalesce(p.seq, 0) as seq from sessions s left join search_progress p on p.session_id = s.id
     where s.head > coalesce(p.seq, 0) order by s.updated_at desc limit 1`,
  )
  return behind.rows[0] ?? null
}

/** Returns how many events were taken. */
async function takeBatch(client: Queryable, limit: number): Promise<number> {
  const next = await findBehind(client)
  if (next === null) return 0
  const { rows } = await client.query<EventRow>(
    `select ${eventColumns} from events where session_id = $1 and seq > $2 order by seq limit $3`,
    [next.id, next.seq, limit],
  )
  const events = rows.map(toEvent)
  const last = events.at(-1)
  if (last === undefined) return 0
  const entries = events.flatMap(entriesOf)
  // In one statement, so that a crash leaves neither words without their progress nor the other way round.
  await client.query(
    `with words as (
       insert into search_entries (session_id, seq, kind, text)
       select $1, * from unnest($2::integer[], $3::text[], $4::text[]) on conflict do nothing)
     insert into search_progress (session_id, seq) values ($1, $5) on conflict (session_id) do update set seq = excluded.seq`,
    [next.id, entries.map(({ seq }) => seq), entries.map(({ kind }) => kind), entries.map(({ text }) => text), last.seq],
  )
  return events.length
}

function entriesOf(event: SessionEvent): { seq: number; kind: SearchKind; text: string }[] {
  return textsOf(event.body)
    .filter(([, text]) => text.trim() !== '')
    .map(([kind, text]) => ({ seq: event.seq, kind, text: text.slice(0, kind === 'output' ? LONGEST_OUTPUT : LONGEST_TEXT) }))
}

function textsOf(body: EventBody): [SearchKind, string][] {
  switch (body.type) {
    case 'session-created':
      return [['task', `${body.title}\n${body.task.text}`]]
    case 'session-renamed':
      return [['task', body.title]]
    case 'user-message':
    case 'human-answered':
      return [['person', body.text]]
    case 'human-asked':
      return [['agent', body.question]]
    case 'session-finished':
      return [['agent', body.summary]]
    case 'model-responded':
      return [
        ['agent', body.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')],
        ['command', body.content.flatMap((part) => (part.type === 'tool-call' ? stringsIn(part.input) : [])).join('\n')],
      ]
    case 'tool-finished':
      return [['output', body.output]]
    case 'commit-offered':
      return [['agent', [body.subject, ...body.files.map((file) => file.path)].join('\n')]]
    default:
      return []
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/** Every word must occur, the last one as a beginning too. Best sessions first, their best places; [] when there is nothing to look for. `mine`: what the owner may see. */
export async function searchSessions(mine: PersonStore, input: { ownerId: string; query: string; limit: number }): Promise<SearchHit[]> {
  const words =
    input.query
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu)
      ?.slice(0, 12) ?? []
  if (words.length === 0) return []
  const { rows } = await mine.query<{ id: string; title: string; seq: number; kind: SearchKind; excerpt: string }>(
    `with wanted as (select to_tsquery('simple', $2) as query),
     hits as (
       select e.session_id, e.seq, e.kind, e.text, s.title,
         ts_rank(e.words, query) * case e.kind when 'task' then 8 when 'person' then 4 when 'agent' then 2 else 1 end as rank, s.updated_at,
         row_number() over (partition by e.session_id order by
           ts_rank(e.words, query) * case e.kind when 'task' then 8 when 'person' then 4 when 'agent' then 2 else 1 end desc, e.seq desc) as place
       from wanted, own_search_entries(query) e join sessions s on s.id = e.session_id
       where s.owner_id = $1)
     select session_id as id, title, seq, kind,
       ts_headline('simple', text, query, 'StartSel=${START},StopSel=${END},MaxFragments=2,MaxWords=24,MinWords=10,FragmentDelimiter= … ') as excerpt
     from hits, wanted where place <= 3
     order by max(rank) over (partition by session_id) desc, updated_at desc, session_id, place limit $3`,
    [input.ownerId, words.map((word, index) => (index === words.length - 1 ? `'${word}':*` : `'${word}'`)).join(' & '), input.limit],
  )
  return rows.map(({ id, title, seq, kind, excerpt }) => ({ sessionId: id, title, seq, kind, excerpt: splitExcerpt(excerpt) }))
}

/** Half a mark, from text that held such characters itself, is text. */
function splitExcerpt(excerpt: string): SearchHit['excerpt'] {
  return excerpt.split(START).flatMap((piece, index) => {
    if (index === 0) return piece === '' ? [] : [{ text: piece, isMatch: false }]
    const end = piece.indexOf(END)
    if (end < 0) return [{ text: piece, isMatch: false }]
    const rest = piece.slice(end + 1).replaceAll(END, '')
    return [{ text: piece.slice(0, end), isMatch: true }, ...(rest === '' ? [] : [{ text: rest, isMatch: false }])]
  })
}
