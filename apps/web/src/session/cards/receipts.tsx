'use client'

import { CircleCheck, CircleX } from 'lucide-react'
import type { Receipt } from '@slipway/core/events'
import { formatDuration } from '../../format/duration.ts'
import { OutputText } from '../conversation/output-text.tsx'
import { Line } from '../conversation/line.tsx'
import { useUnfolded } from '../conversation/use-unfolded.ts'

const KILLED = { timeout: 'time limit', stopped: 'stopped', 'sandbox-lost': 'sandbox lost' }

/** What Slipway itself ran: command, exit code, duration, and its output on demand. */
export function Receipts({ name, receipts }: { name: string; receipts: readonly Receipt[] }) {
  return (
    <ul aria-label="Receipts">
      {receipts.map((receipt, at) => (
        <li key={`${at} ${receipt.command}`}>
          <ReceiptLine name={`${name} ${at}`} receipt={receipt} />
        </li>
      ))}
    </ul>
  )
}

function ReceiptLine({ name, receipt }: { name: string; receipt: Receipt }) {
  const [isUnfolded, turn] = useUnfolded(name)
  const isGood = receipt.exitCode === 0 && receipt.killed === null
  return (
    <Line
      icon={isGood ? CircleCheck : CircleX}
      iconClass={isGood ? 'text-success-text' : 'text-danger-text'}
      verb=""
      target={<span className="font-mono text-xs text-foreground">{receipt.command}</span>}
      facts={
        <>
          <span className={isGood ? '' : 'text-danger-text'}>
            {receipt.killed === null ? `exit ${receipt.exitCode}` : KILLED[receipt.killed]}
          </span>
          <span>{formatDuration(receipt.ms)}</span>
        </>
      }
      fold={{ isUnfolded, turn }}
    >
      <OutputText text={receipt.tail} sha={receipt.outputSha} label={`Output of ${receipt.command}`} />
    </Line>
  )
}
