// Reads many objects in one go. Sizes are asked first, so that an object that inflates to gigabytes is never inflated.

import { requireObjectId } from './object-id.ts'
import { git } from './run-git.ts'

export interface ObjectsInput {
  gitDir: string
  oids: string[]
  /** For object directories that are not the repository's own yet. */
  environment?: Record<string, string>
  signal?: AbortSignal
}

export interface ObjectHead {
  oid: string
  type: string
  bytes: number
}

export interface ReadObject extends ObjectHead {
  /** null when it is larger than `maxBytes`. */
  content: Buffer | null
}

/** Type and inflated size of each object, in the order asked. Throws when one is missing. */
export async function describeObjects(input: ObjectsInput): Promise<ObjectHead[]> {
  if (input.oids.length === 0) return []
  const answer = await git({ args: ['cat-file', '--batch-check', '--buffer'], ...common(input), maxOutputBytes: 512 * 1024 * 1024 })
  return answer
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseHead)
}

/** The objects themselves, each at most `maxBytes`, as they arrive. */
export async function readObjects(
  input: ObjectsInput & { maxBytes: number },
  take: (object: ReadObject) => void | Promise<void>,
): Promise<void> {
  const heads = await describeObjects(input)
  for (const head of heads.filter(({ bytes }) => bytes > input.maxBytes)) await take({ ...head, content: null })
  const small = heads.filter(({ bytes }) => bytes <= input.maxBytes)
  if (small.length === 0) return
  const parser = batchParser(take)
  await git({
    args: ['cat-file', '--batch', '--buffer'],
    ...common({ ...input, oids: small.map(({ oid }) => oid) }),
    timeoutMs: 10 * 60_000,
    onStdout: parser.push,
  })
  parser.end()
}

function common({ gitDir, oids, environment, signal }: ObjectsInput) {
  return {
    gitDir,
    stdin: `${oids.map(requireObjectId).join('\n')}\n`,
    ...(environment ? { environment } : {}),
    ...(signal ? { signal } : {}),
  }
}

function parseHead(line: string): ObjectHead {
  const [oid = '', type = '', size = ''] = line.split(' ')
  if (size === '') throw new Error(`The repository lacks object ${oid}.`)
  return { oid, type, bytes: Number(size) }
}

/** `<oid> <type> <size>\n<content>\n`, again and again. */
function batchParser(take: (object: ReadObject) => void | Promise<void>) {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let head: ObjectHead | null = null
  return {
    async push(chunk: Buffer): Promise<void> {
      waiting.push(chunk)
      waitingBytes += chunk.length
      // Joining only when a whole object has arrived keeps large objects linear.
      if (head && waitingBytes < head.bytes + 1) return
      let text = Buffer.concat(waiting)
      for (;;) {
        if (!head) {
          const end = text.indexOf(10)
          if (end < 0) break
          head = parseHead(text.toString('latin1', 0, end))
          text = text.subarray(end + 1)
        }
        if (text.length < head.bytes + 1) break
        await take({ ...head, content: text.subarray(0, head.bytes) })
        text = text.subarray(head.bytes + 1)
        head = null
      }
      waiting = [text]
      waitingBytes = text.length
    },
    end() {
      if (head || waitingBytes > 0) throw new Error('git ended in the middle of an object.')
    },
  }
}
