// The commands of a session, each with what it printed: those of the agent, of the set-up, and of the verification.

import type { Receipt, SessionEvent, ToolFinished } from '@slipway/core/events'
import { formatDuration } from '../../format/duration.ts'
import type { Fold } from '../folded-events.ts'

export interface Block {
  key: string
  seq: number
  at: string
  origin: 'agent' | 'setup' | 'verification'
  command: string
  /** Set while it runs: where its live text is found. */
  liveCallId: string | null
  /** What the log has of its output; empty while it runs. */
  output: string
  /** SHA-256 of the whole output, when the log has a part of it. */
  wholeSha: string | null
  result: { isGood: boolean; text: string } | null
}

/** A receipt's tail that is shorter is all that was printed. */
const FULL_TAIL_CHARS = 1_000
const SHELL_TOOLS: ReadonlySet<string> = new Set(['bash', 'bash_output'])

/** Blocks in the order in which the commands began. Blocks that a push leaves alone stay the same objects. */
export function makeBlockFold(): Fold<readonly Block[]> {
  const draft: Block[] = []
  let blocks: readonly Block[] = []
  let isChanged = false
  const inputs = new Map<string, Record<string, unknown>>()
  const background = new Map<string, string>()
  /** Where the blocks of commands stand that have not ended. */
  const running = new Map<string, number>()

  function add(more: readonly Block[]): void {
    draft.push(...more)
    isChanged = true
  }

  function push({ seq, at, body }: SessionEvent): void {
    switch (body.type) {
      case 'model-responded':
        for (const part of body.content) if (part.type === 'tool-call' && SHELL_TOOLS.has(part.tool)) inputs.set(part.callId, part.input)
        break
      case 'tool-started': {
        if (!SHELL_TOOLS.has(body.tool)) break
        const command = commandOf(body.tool, inputs.get(body.callId) ?? {}, background)
        running.set(body.callId, draft.length)
        add([{ ...empty, key: body.callId, seq, at, command, liveCallId: body.callId }])
        break
      }
      case 'tool-finished': {
        const place = running.get(body.callId)
        const block = place === undefined ? undefined : draft[place]
        if (place === undefined || block === undefined) break
        running.delete(body.callId)
        draft[place] = { ...block, ...finish(block, body) }
        isChanged = true
        if (typeof body.facts['background'] === 'string') background.set(body.facts['background'], block.command)
        break
      }
      case 'setup-finished':
        add(body.steps.map((receipt, index) => ofReceipt(receipt, { key: `${seq}:${index}`, seq, at, origin: 'setup' })))
        break
      case 'verification-finished':
        add(body.receipts.map((receipt, index) => ofReceipt(receipt, { key: `${seq}:${index}`, seq, at, origin: 'verification' })))
        break
      default:
    }
  }

  return {
    push,
    read() {
      if (isChanged) blocks = [...draft]
      isChanged = false
      return blocks
    },
  }
}

const empty = { origin: 'agent', output: '', wholeSha: null, result: null } as const

function commandOf(tool: string, input: Record<string, unknown>, background: ReadonlyMap<string, string>): string {
  if (tool === 'bash') return typeof input['command'] === 'string' ? input['command'] : ''
  const id = String(input['id'] ?? '')
  return `# ${input['kill'] === true ? 'end' : 'output of'} ${id}${background.has(id) ? `: ${background.get(id)}` : ''}`
}

/** The first line of what the model reads says how the command ended; here that is the result. */
function finish(block: Block, body: ToolFinished): Partial<Block> {
  const { exitCode, command, background } = body.facts
  const at = body.output.indexOf('\n')
  const [head, rest] = at === -1 ? [body.output, ''] : [body.output.slice(0, at), body.output.slice(at + 1)]
  const took = formatDuration(body.ms)
  const isExit = typeof exitCode === 'number' && body.facts['killed'] == null && head.startsWith('Exit code')
  return {
    command: block.command === '' && typeof command === 'string' ? command : block.command,
    liveCallId: null,
    output: rest,
    wholeSha: body.blob,
    result: {
      isGood: body.ok,
      text: isExit ? `exit code ${exitCode}, ${took}` : typeof background === 'string' ? `in the background as ${background}` : head,
    },
  }
}

function ofReceipt(receipt: Receipt, about: Pick<Block, 'key' | 'seq' | 'at' | 'origin'>): Block {
  const { command, exitCode, killed, ms, outputSha, tail } = receipt
  const end =
    killed === null
      ? `exit code ${exitCode}`
      : killed === 'timeout'
        ? 'ended after its time limit'
        : killed === 'stopped'
          ? 'stopped'
          : 'its sandbox was lost'
  return {
    ...about,
    command,
    liveCallId: null,
    output: tail,
    wholeSha: outputSha === '' || tail.length < FULL_TAIL_CHARS ? null : outputSha,
    result: { isGood: exitCode === 0 && killed === null, text: `${end}, ${formatDuration(ms)}` },
  }
}
