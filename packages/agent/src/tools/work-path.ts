import type { Sandbox } from '@slipway/core/ports'

/** A path as the model wrote it, relative to the work tree and in one spelling, so that it names one file in memory too. */
export function workPath(sandbox: Pick<Sandbox, 'root'>, path: string): string {
  const below = path === sandbox.root ? '' : path.startsWith(`${sandbox.root}/`) ? path.slice(sandbox.root.length + 1) : path
  const isAbsolute = below.startsWith('/')
  const parts = below.split('/').filter((part) => part !== '' && part !== '.')
  return (isAbsolute ? '/' : '') + parts.join('/')
}
