// The same profile in the JSON form of Docker's `--security-opt seccomp`.

import { DENIED, DENIED_IOCTLS, ERRNO, FAMILIES, FAMILY_NETLINK, NAMESPACE_FLAG_TIME, NAMESPACE_FLAGS, NEWEST_FAMILY } from './table.ts'

interface Argument {
  index: number
  value: number
  valueTwo?: number
  op: 'SCMP_CMP_EQ' | 'SCMP_CMP_NE' | 'SCMP_CMP_GE' | 'SCMP_CMP_MASKED_EQ'
}
interface Rule {
  names: string[]
  action: 'SCMP_ACT_ERRNO'
  errnoRet: number
  args: Argument[]
}

/** A profile that allows what the table does not deny. */
export function dockerSeccompProfile(): { defaultAction: string; architectures: string[]; syscalls: Rule[] } {
  const plain = DENIED.map((call) => rule([call.name], ERRNO[call.errno], []))
  const clone = NAMESPACE_FLAGS.map((flag) => rule(['clone', 'unshare'], ERRNO.EPERM, [bits(0, flag, flag)]))
  const time = rule(['unshare'], ERRNO.EPERM, [bits(0, NAMESPACE_FLAG_TIME, NAMESPACE_FLAG_TIME)])
  const ioctls = DENIED_IOCTLS.map((request) => rule(['ioctl'], ERRNO.EPERM, [bits(1, 0xffffffff, request)]))
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    // Native only: 32-bit and x32 calls of the same machine end the process.
    architectures: [process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64'],
    syscalls: [...plain, ...clone, time, ...ioctls, ...socketRules()],
  }
}

function socketRules(): Rule[] {
  const names = ['socket', 'socketpair']
  const denied = Array.from({ length: NEWEST_FAMILY }, (_, family) => family).filter(
    (family) => !FAMILIES.includes(family) && family !== FAMILY_NETLINK,
  )
  return [
    // The kernel looks at the low half only, so the upper half must not hide a family.
    ...denied.map((family) => rule(names, ERRNO.EAFNOSUPPORT, [bits(0, 0xffffffff, family)])),
    rule(names, ERRNO.EAFNOSUPPORT, [{ index: 0, value: NEWEST_FAMILY, op: 'SCMP_CMP_GE' }]),
    rule(names, ERRNO.EPROTONOSUPPORT, [
      { index: 0, value: FAMILY_NETLINK, op: 'SCMP_CMP_EQ' },
      { index: 2, value: 0, op: 'SCMP_CMP_NE' },
    ]),
  ]
}

function bits(index: number, mask: number, value: number): Argument {
  return { index, value: mask, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' }
}

function rule(names: string[], errnoRet: number, args: Argument[]): Rule {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet, args }
}
