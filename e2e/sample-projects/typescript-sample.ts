import type { Sample } from './sample.ts'

const source = `export interface Line {
  cents: number
  quantity: number
}

const discountFromCents = 10_000

/** Total of a cart in cents; 10 % off from 100.00 on. */
export function total(lines: Line[]): number {
  let sum = lines[0].cents * lines[0].quantity
  for (const line of lines.slice(1)) sum += line.cents * line.quantity
  return sum > discountFromCents ? Math.round(sum * 0.9) : sum
}
`

const test = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { total } from './cart.ts'

test('adds the lines up', () => {
  assert.equal(total([{ cents: 250, quantity: 2 }, { cents: 199, quantity: 1 }]), 699)
})

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0)
})

test('the discount starts at exactly 100.00', () => {
  assert.equal(total([{ cents: 5000, quantity: 2 }]), 9000)
})
`

/** Needs Node 22.18 or newer, which runs TypeScript as it is. */
export const typescriptSample: Sample = {
  name: 'shop-cart',
  files: {
    'package.json':
      '{\n  "name": "shop-cart",\n  "private": true,\n  "type": "module",\n  "scripts": { "test": "node --test src/cart.test.ts" }\n}\n',
    'README.md': '# shop-cart\n\nRun the tests with `npm test`.\n',
    'src/cart.ts': source,
    'src/cart.test.ts': test,
  },
  task: 'The tests of the cart fail: an empty cart crashes, and the discount is missing at exactly 100.00. Fix the cart, not the tests.',
  check: 'node --test src/cart.test.ts',
  source: 'src/cart.ts',
  wrongEdit: {
    old_text: '  let sum = lines[0].cents * lines[0].quantity\n  for (const line of lines.slice(1)) sum += line.cents * line.quantity\n',
    new_text: '  let sum = 0\n  for (const line of lines) sum += line.cents * line.quantity\n',
  },
  rightEdit: { old_text: 'sum > discountFromCents', new_text: 'sum >= discountFromCents' },
  title: 'Fix the total of empty and discounted carts',
  summary: 'The sum now starts at zero, so an empty cart costs nothing, and the discount begins at exactly 100.00.',
}
