import { expect, test } from 'vitest'
import { layerGraph, NODE_HEIGHT, NODE_WIDTH } from './layer-graph.ts'

const layersOf = (features: { id: string; needs: string[] }[]) =>
  Object.fromEntries(layerGraph(features).nodes.map(({ id, layer }) => [id, layer]))

test('a feature stands right of everything that it needs, also of the furthest', () => {
  expect(
    layersOf([
      { id: 'release', needs: ['api', 'pages'] },
      { id: 'pages', needs: ['api'] },
      { id: 'api', needs: ['store'] },
      { id: 'store', needs: [] },
      { id: 'docs', needs: [] },
    ]),
  ).toEqual({ release: 3, pages: 2, api: 1, store: 0, docs: 0 })
})

test('a ring is drawn with one edge backwards and loses no feature', () => {
  const { nodes, edges } = layerGraph([
    { id: 'a', needs: ['c'] },
    { id: 'b', needs: ['a'] },
    { id: 'c', needs: ['b'] },
    { id: 'self', needs: ['self'] },
  ])
  expect(nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'self'])
  expect(edges.filter(({ isBackward }) => isBackward).map(({ from, to }) => [from, to])).toEqual([
    ['a', 'b'],
    ['self', 'self'],
  ])
})

test('no two features lie on each other and all lie inside the picture', () => {
  const features = Array.from({ length: 60 }, (_, index) => ({
    id: `f${index}`,
    needs: [index - 1 - (index % 3), index - 7, index - 13].filter((need) => need >= 0).map((need) => `f${need}`),
  }))
  const { nodes, width, height } = layerGraph(features)
  for (const [index, one] of nodes.entries()) {
    expect([one.x >= 0, one.y >= 0, one.x + NODE_WIDTH <= width, one.y + NODE_HEIGHT <= height]).toEqual([true, true, true, true])
    for (const other of nodes.slice(index + 1))
      expect(Math.abs(one.x - other.x) >= NODE_WIDTH || Math.abs(one.y - other.y) >= NODE_HEIGHT, `${one.id} on ${other.id}`).toBe(true)
  }
})

test('neighbours stand beside each other, so that edges do not cross where they need not', () => {
  const { nodes } = layerGraph([
    { id: 'a', needs: [] },
    { id: 'b', needs: [] },
    { id: 'needs-b', needs: ['b'] },
    { id: 'needs-a', needs: ['a'] },
  ])
  const y = Object.fromEntries(nodes.map((node) => [node.id, node.y]))
  expect(Math.sign((y['a'] ?? 0) - (y['b'] ?? 0))).toBe(Math.sign((y['needs-a'] ?? 0) - (y['needs-b'] ?? 0)))
})

test('unknown needs and nothing at all are no trouble', () => {
  expect(layerGraph([]).nodes).toEqual([])
  expect(layerGraph([{ id: 'a', needs: ['gone'] }]).edges).toEqual([])
})

test('a chain of five thousand is laid out', () => {
  const chain = Array.from({ length: 5_000 }, (_, index) => ({ id: `f${index}`, needs: index === 0 ? [] : [`f${index - 1}`] }))
  expect(layerGraph(chain).nodes.at(-1)?.layer).toBe(4_999)
})
