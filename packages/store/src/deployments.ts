// Which pushed commits are being deployed: each is looked at by one process at a time until it has come to an end.

import type { Pool } from 'pg'
import type { Queryable } from './person-store.ts'
import { storableText } from './storable-text.ts'

export interface DeploymentRow {
  sessionId: string
  /** Unique within the session. */
  key: string
  ownerId: string
  repositoryUrl: string
  branch: string
  oid: string
  target: 'preview' | 'production'
  askedAt: string
  projectId: string | null
  projectName: string | null
  deploymentId: string | null
  orderedAt: string | null
  /** As the deployer calls it; `WAITING` before it knows of it. */
  state: string
  url: string | null
  inspectorUrl: string | null
  problem: string | null
  /** How often it was looked at, this time included. */
  looks: number
  endedAt: string | null
}

export type DeploymentFacts = Partial<
  Pick<DeploymentRow, 'projectId' | 'projectName' | 'deploymentId' | 'orderedAt' | 'state' | 'url' | 'inspectorUrl' | 'problem'>
>

export interface Deployments {
  /** Takes up commits that were pushed to a hosted repository within the last day. Returns how many were new. */
  takeUpPushed(): Promise<number>
  /** A request of a person; false: it was there already. */
  request(
    row: Pick<DeploymentRow, 'sessionId' | 'key' | 'ownerId' | 'repositoryUrl' | 'branch' | 'oid' | 'target'> & DeploymentFacts,
  ): Promise<boolean>
  /** The one that has been due for longest, for `leaseMs`: when its process dies it is due again. null: there is none. */
  claim(input: { leaseMs: number }): Promise<DeploymentRow | null>
  /** Notes what was seen and when to look again; null: never. Nothing happens when another process took it over since. */
  settle(row: DeploymentRow, facts: DeploymentFacts, nextMs: number | null): Promise<void>
  /** Ends a request that the deployer turned down. */
  refuse(input: { sessionId: string; key: string; problem: string }): Promise<void>
  /** To be looked at now. */
  hurry(input: { sessionId: string; deploymentId: string }): Promise<void>
  /** The same for all sessions that follow this deployment, or wait for one of this commit. Returns how many. */
  hurryAll(input: { deploymentId: string; oid: string | null }): Promise<number>
}

const columns = `session_id as "sessionId", key, owner_id as "ownerId", repository_url as "repositoryUrl", branch, oid, target, asked_at as "askedAt",
  project_id as "projectId", project_name as "projectName", deployment_id as "deploymentId", ordered_at as "orderedAt", state, url,
  inspector_url as "inspectorUrl", problem, looks, ended_at as "endedAt"`

const factColumns: Record<keyof DeploymentFacts, string> = {
  projectId: 'project_id',
  projectName: 'project_name',
  deploymentId: 'deployment_id',
  orderedAt: 'ordered_at',
  state: 'state',
  url: 'url',
  inspectorUrl: 'inspector_url',
  problem: 'problem',
}

export function createDeployments(pool: Pool): Deployments {
  return {
    async takeUpPushed() {
      const { rowCount } = await pool.query(
        `insert into deployments (session_id, key, owner_id, repository_url, branch, oid, target, asked_at)
         select e.session_id, 'preview ' || (e.body ->> 'oid'), s.owner_id, s.repository_url, e.body ->> 'branch', e.body ->> 'oid', 'preview', e.at
         from events e join sessions s on s.id = e.session_id
         where e.type = 'branch-pushed' and e.at > clock_timestamp() - interval '1 day' and s.repository_url ~ '^https?://'
         on conflict do nothing`,
      )
      return rowCount ?? 0
    },
    async request({ sessionId, key, ownerId, repositoryUrl, branch, oid, target, ...facts }) {
      const { rowCount } = await pool.query(
        `insert into deployments (session_id, key, owner_id, repository_url, branch, oid, target, asked_at, project_id, project_name, deployment_id, state, url)
         values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), $8, $9, $10, $11, $12) on conflict do nothing`,
        [
          sessionId,
          key,
          ownerId,
          repositoryUrl,
          branch,
          oid,
          target,
          facts.projectId,
          facts.projectName,
          facts.deploymentId,
          facts.state ?? 'WAITING',
          facts.url,
        ],
      )
      return rowCount === 1
    },
    async claim({ leaseMs }) {
      const { rows } = await pool.query<DeploymentRow>(
        `update deployments set looks = looks + 1, due_at = clock_timestamp() + $1 * interval '1 ms'
         where (session_id, key) = (
           select session_id, key from deployments where ended_at is null and due_at <= clock_timestamp()
           order by due_at limit 1 for update skip locked)
         returning ${columns}`,
        [leaseMs],
      )
      return rows[0] ?? null
    },
    async settle({ sessionId, key, looks }, facts, nextMs) {
      const given = Object.entries(facts) as [keyof DeploymentFacts, string | null][]
      const changes = given.map(([name], index) => `${factColumns[name]} = $${index + 5}`)
      await pool.query(
        `update deployments set ${[
          ...changes,
          `due_at = clock_timestamp() + coalesce($4::float8, 0) * interval '1 ms'`,
          'ended_at = case when $4::float8 is null then clock_timestamp() end',
        ].join(', ')} where session_id = $1 and key = $2 and looks = $3`,
        [sessionId, key, looks, nextMs, ...given.map(([, value]) => (value === null ? null : storableText(value)))],
      )
    },
    async refuse({ sessionId, key, problem }) {
      await pool.query(
        `update deployments set ended_at = clock_timestamp(), state = 'ERROR', problem = $3 where session_id = $1 and key = $2`,
        [sessionId, key, storableText(problem)],
      )
    },
    async hurry({ sessionId, deploymentId }) {
      await pool.query(
        'update deployments set due_at = clock_timestamp() where session_id = $1 and deployment_id = $2 and ended_at is null',
        [sessionId, deploymentId],
      )
    },
    async hurryAll({ deploymentId, oid }) {
      const { rowCount } = await pool.query(
        `update deployments set due_at = clock_timestamp()
         where ended_at is null and (deployment_id = $1 or (deployment_id is null and oid = $2))`,
        [storableText(deploymentId), oid],
      )
      return rowCount ?? 0
    },
  }
}

/** Those of one session, the latest asked for first. `pool`: as whoever looks. */
export async function listDeployments(pool: Queryable, sessionId: string): Promise<DeploymentRow[]> {
  const { rows } = await pool.query<DeploymentRow>(
    `select ${columns} from deployments where session_id = $1 order by asked_at desc, key limit 50`,
    [sessionId],
  )
  return rows
}
