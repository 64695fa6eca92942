// Repositories whose issues start sessions. A person sees and changes their own; deliveries are matched against everybody's.

import type { Autonomy } from '@slipway/core/events'
import type { Queryable } from './person-store.ts'

export interface Trigger {
  id: string
  ownerId: string
  /** Who set it up, for the log. */
  personId: string
  provider: 'github' | 'gitlab'
  slug: string
  /** Given to an issue, it starts a session. */
  label: string
  /** Mentioned as `@name` or assigned, it starts one too. */
  botName: string
  autonomy: Autonomy
  model: string | null
  budgetMicros: number | null
  isPaused: boolean
  createdAt: string
}

export interface Triggers {
  /** null: this owner has one for the repository already. */
  add(trigger: Omit<Trigger, 'id' | 'createdAt' | 'isPaused'>): Promise<Trigger | null>
  list(): Promise<Trigger[]>
  /** null: there is none. */
  setPaused(id: string, isPaused: boolean): Promise<Trigger | null>
  remove(id: string): Promise<boolean>
  /** Those that are not paused, of whoever's view this is. */
  watching(provider: string, slug: string): Promise<Trigger[]>
}

const columns = `id, owner_id as "ownerId", person_id as "personId", provider, slug, label, bot_name as "botName", autonomy, model,
  budget_micros as "budgetMicros", is_paused as "isPaused", created_at as "createdAt"`

export function createTriggers(pool: Queryable): Triggers {
  return {
    async add({ ownerId, personId, provider, slug, label, botName, autonomy, model, budgetMicros }) {
      const { rows } = await pool.query<Trigger>(
        `insert into triggers (owner_id, person_id, provider, slug, label, bot_name, autonomy, model, budget_micros)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning ${columns}`,
        [ownerId, personId, provider, slug, label, botName, autonomy, model, budgetMicros],
      )
      return rows[0] ?? null
    },
    async list() {
      return (await pool.query<Trigger>(`select ${columns} from triggers order by lower(slug), provider`)).rows
    },
    async setPaused(id, isPaused) {
      const { rows } = await pool.query<Trigger>(`update triggers set is_paused = $2 where id = $1 returning ${columns}`, [id, isPaused])
      return rows[0] ?? null
    },
    async remove(id) {
      return ((await pool.query('delete from triggers where id = $1', [id])).rowCount ?? 0) > 0
    },
    async watching(provider, slug) {
      const { rows } = await pool.query<Trigger>(
        `select ${columns} from triggers where provider = $1 and lower(slug) = lower($2) and not is_paused order by created_at, id`,
        [provider, slug],
      )
      return rows
    },
  }
}
