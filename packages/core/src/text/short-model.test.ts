import { expect, it } from 'vitest'
import { shortModel } from './short-model.ts'

it('leaves out where a script lies', () => {
  expect(shortModel('scripted//home/me/fix.yaml')).toBe('scripted/fix.yaml')
  expect(shortModel('openai-compatible/org/model')).toBe('openai-compatible/org/model')
})
