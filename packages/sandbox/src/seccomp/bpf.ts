// Assembles the profile as classic BPF, the form that bubblewrap takes on a file descriptor.
// Layout of what the program sees (struct seccomp_data): u32 nr, u32 arch, u64 instruction pointer, u64 args[6].

import {
  type Architecture,
  CLONE,
  DENIED,
  DENIED_IOCTLS,
  ERRNO,
  type Errno,
  FAMILIES,
  FAMILY_NETLINK,
  IOCTL,
  NAMESPACE_FLAG_TIME,
  NAMESPACE_FLAGS,
  NEWEST_KNOWN,
  SOCKET,
  SOCKETPAIR,
  UNSHARE,
} from './table.ts'

const LOAD = 0x20
const JUMP_EQUAL = 0x15
const JUMP_GREATER = 0x25
const JUMP_GREATER_EQUAL = 0x35
const JUMP_BITS = 0x45
const RETURN = 0x06

const ALLOW = 0x7fff0000
const KILL_PROCESS = 0x80000000
const RETURN_ERRNO = 0x00050000
const AUDIT_ARCH: Record<Architecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 }
const X32_BIT = 0x40000000

const NUMBER_OFFSET = 0
const ARCH_OFFSET = 4

interface Instruction {
  code: number
  yes: number
  no: number
  k: number
}

/** The profile for one architecture. Calls of another one (32-bit, x32) end the process. */
export function seccompProgram(architecture: Architecture): Buffer {
  const program: Instruction[] = [
    load(ARCH_OFFSET),
    { code: JUMP_EQUAL, yes: 1, no: 0, k: AUDIT_ARCH[architecture] },
    finish(KILL_PROCESS),
    load(NUMBER_OFFSET),
    ...(architecture === 'x64' ? when(JUMP_GREATER_EQUAL, X32_BIT, [finish(KILL_PROCESS)]) : []),
  ]
  for (const call of DENIED) {
    const number = call[architecture]
    if (number !== null) program.push(...when(JUMP_EQUAL, number, [fail(call.errno)]))
  }
  const allFlags = NAMESPACE_FLAGS.reduce((all, flag) => all | flag, 0) >>> 0
  program.push(
    ...when(JUMP_EQUAL, CLONE[architecture], [load(argument(0)), ...when(JUMP_BITS, allFlags, [fail('EPERM')]), finish(ALLOW)]),
    ...when(JUMP_EQUAL, UNSHARE[architecture], [
      load(argument(0)),
      ...when(JUMP_BITS, (allFlags | NAMESPACE_FLAG_TIME) >>> 0, [fail('EPERM')]),
      finish(ALLOW),
    ]),
    ...when(JUMP_EQUAL, IOCTL[architecture], [
      load(argument(1)),
      ...DENIED_IOCTLS.flatMap((request) => when(JUMP_EQUAL, request, [fail('EPERM')])),
      finish(ALLOW),
    ]),
    ...when(JUMP_EQUAL, SOCKET[architecture], socketRule()),
    ...when(JUMP_EQUAL, SOCKETPAIR[architecture], socketRule()),
    ...when(JUMP_GREATER, NEWEST_KNOWN, [fail('ENOSYS')]),
    finish(ALLOW),
  )
  return encode(program)
}

function socketRule(): Instruction[] {
  return [
    load(argument(0)),
    ...FAMILIES.flatMap((family) => when(JUMP_EQUAL, family, [finish(ALLOW)])),
    ...when(JUMP_EQUAL, FAMILY_NETLINK, [load(argument(2)), ...when(JUMP_EQUAL, 0, [finish(ALLOW)]), fail('EPROTONOSUPPORT')]),
    fail('EAFNOSUPPORT'),
  ]
}

/** The low half of an argument; both architectures are little-endian. */
function argument(index: number): number {
  return 16 + 8 * index
}

function load(offset: number): Instruction {
  return { code: LOAD, yes: 0, no: 0, k: offset }
}

function finish(action: number): Instruction {
  return { code: RETURN, yes: 0, no: 0, k: action }
}

function fail(errno: Errno): Instruction {
  return finish(RETURN_ERRNO | ERRNO[errno])
}

/** Runs `body` when the loaded value compares true, else goes on behind it. A body that loads must end with a return. */
function when(code: number, k: number, body: Instruction[]): Instruction[] {
  return [{ code, yes: 0, no: body.length, k }, ...body]
}

function encode(program: Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach((instruction, index) => {
    if (instruction.no > 255) throw new Error('jump too long for classic BPF')
    bytes.writeUInt16LE(instruction.code, index * 8)
    bytes.writeUInt8(instruction.yes, index * 8 + 2)
    bytes.writeUInt8(instruction.no, index * 8 + 3)
    bytes.writeUInt32LE(instruction.k >>> 0, index * 8 + 4)
  })
  return bytes
}
