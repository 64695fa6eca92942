'use client'

import { Minus, Plus, Scan } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../controls/button.tsx'
import { inWords, markOf } from './feature-status.ts'
import { layerGraph, NODE_HEIGHT, NODE_WIDTH, type PlacedNode } from './layer-graph.ts'
import { NeedsList } from './needs-list.tsx'
import { addressOfBoard, type Board, type Feature } from './use-board.ts'

const STEPS = [0.4, 0.55, 0.75, 1, 1.25, 1.5]
const TITLE_LENGTH = 24

interface Props {
  board: Board
  onChoose(feature: string): void
}

/** What needs what, from left to right: a picture where there is room, words everywhere. */
export function NeedsGraph({ board, onChoose }: Props) {
  return (
    <>
      <Cycles board={board} />
      <div className="sm:hidden">
        <NeedsList board={board} onChoose={onChoose} />
      </div>
      <div className="hidden sm:block">
        <Picture board={board} onChoose={onChoose} />
        <details className="mt-3">
          <summary className="w-fit cursor-pointer rounded px-1 py-1 text-xs text-muted hover:text-foreground">The same in words</summary>
          <div className="mt-2">
            <NeedsList board={board} onChoose={onChoose} />
          </div>
        </details>
      </div>
    </>
  )
}

function Cycles({ board: { cycles, features } }: { board: Board }) {
  if (cycles.length === 0) return null
  const titleOf = (id: string): string => features.find((feature) => feature.id === id)?.title ?? id
  return (
    <div role="note" className="mb-3 rounded-lg bg-warning-soft px-3 py-2 text-sm">
      <p className="font-medium text-warning-text">Features that wait for each other can never begin</p>
      <ul className="mt-1 list-disc pl-4 text-xs">
        {cycles.map((ring) => (
          <li key={ring.join()}>{[...ring, ring[0] ?? ''].map(titleOf).join(' needs ')}</li>
        ))}
      </ul>
    </div>
  )
}

function Picture({ board, onChoose }: Props) {
  const [zoom, setZoom] = useState(1)
  const [near, setNear] = useState<string | null>(null)
  const layout = useMemo(() => layerGraph(board.features), [board.features])
  const features = new Map(board.features.map((feature) => [feature.id, feature]))
  const step = (by: 1 | -1): void => setZoom((before) => STEPS[Math.max(0, Math.min(STEPS.length - 1, STEPS.indexOf(before) + by))] ?? 1)
  return (
    <div className="relative">
      <div className="absolute top-2 right-2 z-10 flex gap-1">
        <Button size="sm" isIconOnly aria-label="Smaller" disabled={zoom === STEPS[0]} onClick={() => step(-1)}>
          <Minus aria-hidden />
        </Button>
        <Button size="sm" isIconOnly aria-label="As it is" disabled={zoom === 1} onClick={() => setZoom(1)}>
          <Scan aria-hidden />
        </Button>
        <Button size="sm" isIconOnly aria-label="Larger" disabled={zoom === STEPS.at(-1)} onClick={() => step(1)}>
          <Plus aria-hidden />
        </Button>
      </div>
      <div
        role="region"
        aria-label="Dependency graph"
        tabIndex={0}
        className="max-h-[70dvh] overflow-auto rounded-lg border border-border bg-surface pt-10"
      >
        <svg
          width={layout.width * zoom}
          height={layout.height * zoom}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          className="mx-auto block max-w-none"
          role="group"
          aria-label="Features, each right of what it needs"
        >
          <defs>
            {(['rest', 'near', 'back'] as const).map((kind) => (
              <marker key={kind} id={`arrow-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0 8 4 0 8z" className={ARROW[kind]} />
              </marker>
            ))}
          </defs>
          {layout.edges.map((edge) => {
            const kind = edge.isBackward ? 'back' : edge.from === near || edge.to === near ? 'near' : 'rest'
            return (
              <path
                key={`${edge.from} ${edge.to}`}
                aria-hidden
                d={edge.path}
                fill="none"
                strokeWidth={kind === 'rest' ? 1.25 : 1.75}
                strokeDasharray={edge.isBackward ? '4 3' : undefined}
                markerEnd={`url(#arrow-${kind})`}
                className={LINE[kind]}
              />
            )
          })}
          {layout.nodes.map((node) => {
            const feature = features.get(node.id)
            return feature === undefined ? null : (
              <Node key={node.id} node={node} feature={feature} features={features} board={board} onChoose={onChoose} onNear={setNear} />
            )
          })}
        </svg>
      </div>
    </div>
  )
}

const LINE = { rest: 'stroke-border-strong', near: 'stroke-accent', back: 'stroke-warning-text' }
const ARROW = { rest: 'fill-border-strong', near: 'fill-accent', back: 'fill-warning-text' }

interface NodeProps extends Props {
  node: PlacedNode
  feature: Feature
  features: ReadonlyMap<string, Feature>
  onNear(id: string | null): void
}

function Node({ node, feature, features, board, onChoose, onNear }: NodeProps) {
  const { icon: Icon, name, tone } = markOf(feature)
  const needs = feature.needs.map((need) => features.get(need)?.title ?? need)
  const said = `${feature.title}. ${name}. ${needs.length === 0 ? 'Needs nothing' : `Needs ${inWords(needs)}`}.`
  return (
    <a
      href={addressOfBoard({ repository: board.repository, view: 'columns', feature: feature.id })}
      aria-label={said}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onChoose(feature.id)
      }}
      onPointerEnter={() => onNear(feature.id)}
      onPointerLeave={() => onNear(null)}
      onFocus={() => onNear(feature.id)}
      onBlur={() => onNear(null)}
      className="group outline-none"
    >
      <title>{said}</title>
      <rect
        x={node.x}
        y={node.y}
        width={NODE_WIDTH}
        height={NODE_HEIGHT}
        rx={6}
        className="fill-surface stroke-border-strong group-hover:fill-surface-secondary group-focus-visible:stroke-focus group-focus-visible:stroke-2"
      />
      <Icon aria-hidden x={node.x + 10} y={node.y + 9} width={14} height={14} className={tone} strokeWidth={2} />
      <text aria-hidden x={node.x + 30} y={node.y + 20} className="fill-foreground text-xs font-medium">
        {shorten(feature.title)}
      </text>
      <text aria-hidden x={node.x + 30} y={node.y + 37} className="fill-muted text-2xs">
        {name}
        {feature.sessions.length > 0 && ` · ${feature.sessions.length === 1 ? '1 session' : `${feature.sessions.length} sessions`}`}
      </text>
    </a>
  )
}

/** SVG text does not end in dots by itself. */
function shorten(title: string): string {
  return title.length <= TITLE_LENGTH ? title : `${title.slice(0, TITLE_LENGTH - 1).trimEnd()}…`
}
