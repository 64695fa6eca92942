'use client'

import { Columns3, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { repositoryName } from '../composer/repository-name.ts'
import { useRepositories } from '../composer/use-choices.ts'
import { buttonClass } from '../controls/button.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { formatDuration } from '../format/duration.ts'
import { formatMoney } from '../format/money.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Figures } from '../usage/figures.tsx'
import { Switch } from '../usage/switch.tsx'
import { BoardColumns } from './board-columns.tsx'
import { NeedsGraph } from './needs-graph.tsx'
import { NoFeatures } from './no-features.tsx'
import { useBoard, useBoardChoice, type Board, type BoardChoice } from './use-board.ts'

/** Features and tasks of one repository: how far they are and what they wait for. */
export function BoardPage() {
  const { choice, change } = useBoardChoice()
  const repositories = useRepositories()
  const urls = repositories.data?.repositories.map(({ url }) => url) ?? []
  const repository = choice === null ? null : (choice.repository ?? urls[0] ?? null)
  const board = useBoard(repository)
  return (
    <Page title="Board" layout="wide">
      {choice !== null && repository !== null && (
        <div className="mb-5 flex flex-wrap items-end gap-3">
          <RepositoryChooser urls={urls} value={repository} onChange={(url) => change({ repository: url, feature: null })} />
          {(board.data?.features.length ?? 0) > 0 && (
            <Switch label="View" options={VIEWS} value={choice.view} onChange={(view) => change({ view, feature: null })} />
          )}
        </div>
      )}
      {repositories.isError && repository === null ? (
        <ErrorState error={repositories.error} onRetry={() => void repositories.refetch()} />
      ) : repositories.data !== undefined && repository === null ? (
        <NoRepository />
      ) : board.isError && board.data === undefined ? (
        <ErrorState error={board.error} title="The board could not be read" onRetry={() => void board.refetch()} />
      ) : board.data === undefined || choice === null ? (
        <SkeletonRows label="the board" />
      ) : (
        <Content board={board.data} choice={choice} onChange={change} />
      )}
    </Page>
  )
}

function Content({ board, choice, onChange }: { board: Board; choice: BoardChoice; onChange(changes: Partial<BoardChoice>): void }) {
  const hasFeatures = board.features.length > 0
  return (
    <>
      {board.statistics.sessions > 0 && <Statistics board={board} />}
      <Problems title="Parts of .slipway/features.yaml could not be used" problems={board.problems} />
      <Problems title="Not every task of Notion is shown" problems={board.trackerProblems} />
      {!hasFeatures && board.problems.length === 0 && <NoFeatures oid={board.oid} />}
      {hasFeatures && choice.view === 'graph' ? (
        <NeedsGraph board={board} onChoose={(feature) => onChange({ view: 'columns', feature })} />
      ) : (
        <BoardColumns board={board} chosen={choice.feature} />
      )}
    </>
  )
}

function RepositoryChooser({ urls, value, onChange }: { urls: string[]; value: string; onChange(url: string): void }) {
  const all = urls.includes(value) ? urls : [value, ...urls]
  return (
    <SelectField label="Repository" className="w-72 max-w-full" value={value} onChange={({ target }) => onChange(target.value)}>
      {all.map((url) => (
        <option key={url} value={url}>
          {repositoryName(url)}
        </option>
      ))}
    </SelectField>
  )
}

const VIEWS = [
  { value: 'columns', name: 'Board' },
  { value: 'graph', name: 'Graph' },
] as const

function Statistics({ board: { statistics, features } }: { board: Board }) {
  const done = features.filter(({ status }) => status === 'done').length
  return (
    <Figures
      className="mb-5"
      figures={[
        ...(features.length === 0 ? [] : [{ name: 'Features done', value: `${done} of ${features.length}` }]),
        { name: 'Sessions', value: statistics.sessions.toLocaleString('en-GB') },
        { name: 'Verified', value: statistics.verified.toLocaleString('en-GB') },
        { name: 'Failed', value: statistics.failed.toLocaleString('en-GB') },
        { name: 'Median duration', value: statistics.medianMs === null ? '–' : formatDuration(statistics.medianMs) },
        { name: 'Cost', value: formatMoney(statistics.costMicros) },
      ]}
    />
  )
}

function Problems({ title, problems }: { title: string; problems: string[] }) {
  if (problems.length === 0) return null
  return (
    <div role="alert" className="mb-4 flex items-start gap-2 rounded-lg bg-warning-soft px-3 py-2 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning-text" />
      <div className="min-w-0">
        <p className="font-medium text-warning-text">{title}</p>
        <ul className="mt-1 text-xs">
          {problems.map((problem) => (
            <li key={problem} className="break-words">
              {problem}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function NoRepository() {
  return (
    <EmptyState
      icon={Columns3}
      title="No repository yet"
      action={
        <Link href="/" prefetch={false} className={buttonClass({})}>
          Start a session
        </Link>
      }
    >
      The board shows the features and tasks of a repository. It knows the repositories that your sessions work on; start the first one.
    </EmptyState>
  )
}
