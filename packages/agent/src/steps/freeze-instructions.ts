// What the model is told about this repository and session, once. Read from the host's mirror, so that it needs no sandbox.

import { createHash } from 'node:crypto'
import type { InstructionSection, RepositoryRef } from '@slipway/core/events'
import type { Environment, Repositories } from '@slipway/core/ports'
import { oneLine } from '@slipway/core/text/clean'
import { headTail } from '@slipway/core/text/truncate'
import type { DriveContext } from '../drive-context.ts'
import { WorkspaceUnavailable } from '../workspace-handle.ts'

const listedPaths = 5_000
const shownPaths = 80
const guidanceBytes = 24_000
const maxGuidanceFiles = 12
const maxProblems = 20

/** Appends `instructions-frozen`; starts MCP servers first when the repository names some. */
export async function freezeInstructions(context: DriveContext): Promise<void> {
  const { session, ports } = context
  const { repository, repositoryRef, checks } = session.state()
  if (!repository) return
  context.workspace.warmUp()
  context.progress('instructions', 'reading the repository', 30_000)
  const at = { repository: repositoryRef, oid: repository.baseOid }
  const [environment, tree, commits] = await Promise.all([
    ports.workspaces.describe(at),
    ports.repositories.listFiles({ ...at, limit: listedPaths }),
    ports.repositories.recentCommits({ ...at, limit: 5 }),
  ])
  const guidance = await readGuidance(ports.repositories, at, tree.paths)
  const mcp = await startMcp(context, environment)
  // What could not start because this worker has to let go is no fact about the session; the next one looks again.
  if (context.signal.aborted) return
  const sections: InstructionSection[] = [
    { name: 'Session', trust: 'trusted', text: sessionText(context, environment, checks) },
    { name: 'Environment', trust: 'untrusted', text: environmentText(repository.baseBranch, environment, checks, mcp.problems) },
    { name: 'Repository map', trust: 'untrusted', text: mapText(tree.paths, tree.truncated, commits) },
    ...guidance,
  ]
  const sha = createHash('sha256')
    .update(JSON.stringify([sections, mcp.tools]))
    .digest('hex')
  await session.record([{ type: 'instructions-frozen', sections, mcpTools: mcp.tools, sha }])
}

async function startMcp(
  context: DriveContext,
  environment: Environment,
): Promise<{ tools: Awaited<ReturnType<DriveContext['mcp']['start']>>['tools']; problems: string[] }> {
  if (Object.keys(environment.mcp).length === 0) return { tools: [], problems: [] }
  try {
    return await context.mcp.start(environment.mcp)
  } catch (error) {
    if (error instanceof WorkspaceUnavailable) return { tools: [], problems: [`MCP servers could not start: ${error.message}`] }
    throw error
  }
}

/** The host's and the person's own words only. What the repository says of itself may be anything. */
function sessionText(context: DriveContext, environment: Environment, checks: string[]): string {
  const { repository, limits, autonomy } = context.session.state()
  const lines = [
    `Date: ${new Date(context.ports.clock.now()).toISOString().slice(0, 10)}`,
    `Base commit: ${repository?.baseOid.slice(0, 10)}`,
  ]
  if (checks.length > 0) lines.push(`Checks the host will run at your commit: ${listed(checks)}`)
  else if (environment.checks.length > 0) lines.push('The host will run the checks of the repository at your commit.')
  else lines.push('The host knows no checks for this repository: say in the summary how you checked your work.')
  if (limits.budgetMicros !== null) lines.push(`Budget: $${(limits.budgetMicros / 1e6).toFixed(2)} for the whole session.`)
  if (autonomy === 'ask') lines.push('The person approves the plan before anything is changed: explore, then update_plan, then wait.')
  return lines.join('\n')
}

/** What the repository's branch and files name, and what was wrong with them. */
function environmentText(baseBranch: string, environment: Environment, checks: string[], mcpProblems: string[]): string {
  const lines = [
    `Base branch: ${oneLine(baseBranch, 240)}`,
    environment.setup.length > 0 ? `Set-up, run when a sandbox starts: ${listed(environment.setup)}` : 'No set-up commands are known.',
    ...(checks.length === 0 && environment.checks.length > 0 ? [`Checks of the repository: ${listed(environment.checks)}`] : []),
  ]
  return [...lines, ...[...environment.problems, ...mcpProblems].slice(0, maxProblems).map((problem) => problem.slice(0, 500))].join('\n')
}

function listed(commands: string[]): string {
  return commands.map((command) => `\`${command}\``).join(', ')
}

function mapText(paths: string[], truncated: boolean, commits: string[]): string {
  const byFolder = new Map<string, number>()
  for (const path of paths) {
    const folder = path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path
    byFolder.set(folder, (byFolder.get(folder) ?? 0) + 1)
  }
  const shown =
    paths.length <= shownPaths
      ? paths
      : [...byFolder].map(([name, count]) => (name.endsWith('/') ? `${name} (${count} files)` : name)).slice(0, shownPaths)
  const total = `${paths.length}${truncated ? ' or more' : ''} files:`
  return [total, ...shown, '', 'Newest commits:', ...commits].join('\n')
}

/** AGENTS.md from the root down; deeper ones speak for their folder. */
async function readGuidance(
  repositories: Repositories,
  at: { repository: RepositoryRef; oid: string },
  paths: string[],
): Promise<InstructionSection[]> {
  const files = paths
    .filter((path) => path === 'AGENTS.md' || path.endsWith('/AGENTS.md'))
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
  const sections = await Promise.all(
    files.slice(0, maxGuidanceFiles).map(async (path): Promise<InstructionSection | null> => {
      const text = await repositories.readFile({ ...at, path, maxBytes: guidanceBytes })
      if (text === null) return null
      const scope = path === 'AGENTS.md' ? 'the whole repository' : `files below ${path.slice(0, -'AGENTS.md'.length)}`
      return {
        name: oneLine(`${path}, for ${scope}`, 300),
        trust: 'untrusted',
        text: headTail(text, { headBytes: guidanceBytes, tailBytes: 0 }).text,
      }
    }),
  )
  return sections.filter((section) => section !== null)
}
