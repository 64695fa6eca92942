// Places features in layers: what needs nothing stands left, what needs it right of it. Sugiyama's steps in small:
// turn rings open, layer by the longest path, order each layer by the middle of its neighbours, then place.

export interface GraphNode {
  id: string
  needs: readonly string[]
}

export interface PlacedNode {
  id: string
  layer: number
  x: number
  y: number
}

interface PlacedEdge {
  /** What is needed. */
  from: string
  /** What needs it. */
  to: string
  /** Closes a ring: drawn backwards. */
  isBackward: boolean
  path: string
}

export interface Layout {
  nodes: PlacedNode[]
  edges: PlacedEdge[]
  width: number
  height: number
}

export const NODE_WIDTH = 208
export const NODE_HEIGHT = 48
const LAYER_GAP = 72
const ROW_GAP = 16
const BEND_HEIGHT = 10
/** Also room for an edge that leads back round the outermost nodes. */
const MARGIN = 40
const SWEEPS = 6

interface Slot {
  key: string
  layer: number
  /** Keys of neighbours in the layers beside this one. */
  before: string[]
  after: string[]
  height: number
}

/** Pure; unknown needs are left out, rings are drawn with one edge backwards. The same features give the same picture. */
export function layerGraph(features: readonly GraphNode[]): Layout {
  const known = new Set(features.map(({ id }) => id))
  const nodes = features.map(({ id, needs }) => ({ id, needs: [...new Set(needs)].filter((need) => known.has(need)) }))
  const backward = findBackward(nodes)
  const isForward = (node: GraphNode, need: string): boolean => !backward.has(edgeKey(need, node.id))
  const layers = layersOf(nodes, isForward)
  const slots = slotsOf(nodes, layers, isForward)
  const columns = orderColumns(slots)
  const { at, height } = place(columns)
  const width = MARGIN * 2 + columns.length * NODE_WIDTH + Math.max(0, columns.length - 1) * LAYER_GAP
  return {
    nodes: nodes.map(({ id }) => ({ id, layer: layers.get(id) ?? 0, x: xOf(layers.get(id) ?? 0), y: (at.get(id) ?? 0) - NODE_HEIGHT / 2 })),
    edges: nodes.flatMap((node) =>
      node.needs.map((need) => {
        const isBackward = !isForward(node, need)
        const ends = { from: need, to: node.id, fromLayer: layers.get(need) ?? 0, toLayer: layers.get(node.id) ?? 0 }
        return { from: need, to: node.id, isBackward, path: isBackward ? drawBackward(ends, at) : drawForward(ends, at) }
      }),
    ),
    width,
    height,
  }
}

function edgeKey(from: string, to: string): string {
  return `${from} ${to}`
}

/** Edges that lead back onto the path that is being walked. By hand instead of by recursion: chains may be long. */
function findBackward(nodes: readonly GraphNode[]): Set<string> {
  const needs = new Map(nodes.map((node) => [node.id, node.needs]))
  const state = new Map<string, 'open' | 'closed'>()
  const backward = new Set<string>()
  for (const { id } of nodes) {
    const path = state.has(id) ? [] : [{ id, next: 0 }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      state.set(top.id, 'open')
      const need = needs.get(top.id)?.[top.next++]
      if (need === undefined) {
        state.set(top.id, 'closed')
        path.pop()
      } else if (state.get(need) === 'open') backward.add(edgeKey(need, top.id))
      else if (!state.has(need)) path.push({ id: need, next: 0 })
    }
  }
  return backward
}

/** One more than the furthest of what is needed; goes round until nothing moves, which ends because no ring is left. */
function layersOf(nodes: readonly GraphNode[], isForward: (node: GraphNode, need: string) => boolean): Map<string, number> {
  const waiting = new Map(nodes.map((node) => [node.id, node.needs.filter((need) => isForward(node, need)).length]))
  const dependants = new Map<string, string[]>()
  for (const node of nodes)
    for (const need of node.needs) if (isForward(node, need)) dependants.set(need, [...(dependants.get(need) ?? []), node.id])
  const layers = new Map<string, number>()
  const ready = nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id)
  for (const id of ready) {
    const layer = layers.get(id) ?? 0
    layers.set(id, layer)
    for (const dependant of dependants.get(id) ?? []) {
      layers.set(dependant, Math.max(layers.get(dependant) ?? 0, layer + 1))
      const left = (waiting.get(dependant) ?? 1) - 1
      waiting.set(dependant, left)
      if (left === 0) ready.push(dependant)
    }
  }
  return layers
}

/** Nodes, and a bend in every layer that a long edge crosses, so that it finds a way between the nodes there. */
function slotsOf(
  nodes: readonly GraphNode[],
  layers: ReadonlyMap<string, number>,
  isForward: (node: GraphNode, need: string) => boolean,
): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  const add = (key: string, layer: number, height: number): void => void slots.set(key, { key, layer, before: [], after: [], height })
  for (const { id } of nodes) add(id, layers.get(id) ?? 0, NODE_HEIGHT)
  for (const node of nodes) {
    for (const need of node.needs.filter((name) => isForward(node, name))) {
      let last = need
      for (let layer = (layers.get(need) ?? 0) + 1; layer < (layers.get(node.id) ?? 0); layer++) {
        const bend = bendKey(need, node.id, layer)
        add(bend, layer, BEND_HEIGHT)
        connect(slots, last, bend)
        last = bend
      }
      connect(slots, last, node.id)
    }
  }
  return slots
}

function bendKey(from: string, to: string, layer: number): string {
  return `${edgeKey(from, to)} ${layer}`
}

function connect(slots: ReadonlyMap<string, Slot>, from: string, to: string): void {
  slots.get(from)?.after.push(to)
  slots.get(to)?.before.push(from)
}

function orderColumns(slots: ReadonlyMap<string, Slot>): Slot[][] {
  const columns: Slot[][] = []
  for (const slot of slots.values()) (columns[slot.layer] ??= []).push(slot)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? 'before' : 'after'
    const ranks = new Map(columns.flatMap((column) => column.map((slot, rank) => [slot.key, rank / column.length] as const)))
    for (const [index, column] of columns.entries())
      columns[index] = column
        .map((slot, rank) => ({ slot, rank, middle: middleOf(slot[side], ranks) ?? ranks.get(slot.key) ?? 0 }))
        .sort((a, b) => a.middle - b.middle || a.rank - b.rank)
        .map(({ slot }) => slot)
  }
  return columns
}

function middleOf(keys: readonly string[], ranks: ReadonlyMap<string, number>): number | null {
  if (keys.length === 0) return null
  return keys.reduce((sum, key) => sum + (ranks.get(key) ?? 0), 0) / keys.length
}

/** Middles of all slots from top to bottom, each column in the middle of the picture's height. */
function place(columns: readonly Slot[][]): { at: Map<string, number>; height: number } {
  const heightOf = (column: readonly Slot[]): number =>
    column.reduce((sum, { height }) => sum + height, 0) + ROW_GAP * Math.max(0, column.length - 1)
  const inner = Math.max(0, ...columns.map(heightOf))
  const at = new Map<string, number>()
  for (const column of columns) {
    let top = MARGIN + (inner - heightOf(column)) / 2
    for (const { key, height } of column) {
      at.set(key, top + height / 2)
      top += height + ROW_GAP
    }
  }
  return { at, height: inner + MARGIN * 2 }
}

function xOf(layer: number): number {
  return MARGIN + layer * (NODE_WIDTH + LAYER_GAP)
}

interface Ends {
  from: string
  to: string
  fromLayer: number
  toLayer: number
}

function drawForward({ from, to, fromLayer, toLayer }: Ends, at: ReadonlyMap<string, number>): string {
  let x = xOf(fromLayer) + NODE_WIDTH
  let y = at.get(from) ?? 0
  let path = `M${x} ${round(y)}`
  for (let layer = fromLayer + 1; layer <= toLayer; layer++) {
    const nextY = at.get(layer === toLayer ? to : bendKey(from, to, layer)) ?? 0
    const nextX = xOf(layer)
    const middle = (x + nextX) / 2
    path += `C${middle} ${round(y)} ${middle} ${round(nextY)} ${nextX} ${round(nextY)}`
    // Straight past the nodes of a layer that it only crosses.
    if (layer < toLayer) path += `H${nextX + NODE_WIDTH}`
    x = nextX + NODE_WIDTH
    y = nextY
  }
  return path
}

/** From the right of what is needed round to the left of what needs it. */
function drawBackward({ from, to, fromLayer, toLayer }: Ends, at: ReadonlyMap<string, number>): string {
  const [x, y] = [xOf(fromLayer) + NODE_WIDTH, at.get(from) ?? 0]
  const [endX, endY] = [xOf(toLayer), at.get(to) ?? 0]
  const reach = LAYER_GAP / 2
  const low = Math.max(y, endY) + NODE_HEIGHT / 2 + ROW_GAP / 2
  return `M${x} ${round(y)}C${x + reach} ${round(y)} ${x + reach} ${round(low)} ${x} ${round(low)}H${endX}C${endX - reach} ${round(low)} ${endX - reach} ${round(endY)} ${endX} ${round(endY)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
