// The secret scan on its generated corpus: what it finds, what it takes for a secret wrongly, how fast it reads code.

import { scanText } from '@slipway/airlock/secret-scan/scan-text'
import { measurePlainRules, measureScan, type Share } from '@slipway/airlock/secret-scan/testing/measure-scan'
import type { Figure } from './figure.ts'
import { tell, timed } from './measure.ts'

const SEED = 1
const CODE_MEGABYTES = 4
const ROUNDS = 10

/** Shares of found secrets have goals from below; of false alarms, what matters is how many decoys pass. */
export async function measureSecretScan(): Promise<Figure[]> {
  const [scan, plain] = [await measureScan(SEED), await measurePlainRules(SEED)]
  const baseline = (share: Share): Figure['baseline'] => ({ name: 'prefixes only, nothing decoded', value: percent(share) })
  const passed = (share: Share): Share => ({ ...share, found: share.of - share.found })
  return [
    {
      name: `secrets found, ${scan.kinds} kinds`,
      unit: '%',
      value: percent(scan.planted),
      baseline: baseline(plain.planted),
      goal: 98,
      note: `${scan.planted.found} of ${scan.planted.of}, in files, disguises and history`,
    },
    {
      name: 'secrets found, kinds without a rule',
      unit: '%',
      value: percent(scan.heldBack),
      baseline: baseline(plain.heldBack),
      goal: 70,
      note: `${scan.heldBack.found} of ${scan.heldBack.of}`,
    },
    {
      name: 'decoys that pass',
      unit: '%',
      value: percent(passed(scan.decoys)),
      baseline: baseline(passed(plain.decoys)),
      goal: 99,
      note: `${scan.decoys.found} false alarms in ${scan.decoys.of}`,
    },
    await speed(),
  ]
}

async function speed(): Promise<Figure> {
  const line = `export const handler = (request: Request) => reply({ id: 'a1b2c3', key: request.headers.key, path: "/api/v1/x" })\n`
  const code = Buffer.from(line.repeat(Math.ceil((CODE_MEGABYTES * 1e6) / line.length)))
  const scan = await timed(ROUNDS, () => scanText('src/handler.ts', code))
  const pass = await timed(ROUNDS, () => code.toString('latin1').search(/token|secret|password/i))
  const perSecond = (ms: number): number => code.length / 1e3 / ms
  return {
    name: 'secret scan of code',
    unit: 'MB/s',
    value: perSecond(scan.p50),
    baseline: { name: 'one expression of three words', value: perSecond(pass.p50) },
    goal: 5,
    note: `${CODE_MEGABYTES} MB; ${tell(scan)}`,
  }
}

function percent({ found, of }: Share): number {
  return (100 * found) / of
}
