// Addresses that are not the public internet: this machine, its network, cloud metadata, multicast, documentation, tunnels.

import { BlockList, isIP } from 'node:net'

const BLOCKED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Inside 2000::/3, the only global space: documentation, Teredo, benchmarking, ORCHID, 6to4 (which embeds an IPv4 address). */
const BLOCKED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const blocked = listOf(BLOCKED_V4, 'ipv4')
const blockedGlobal = listOf(BLOCKED_V6, 'ipv6')
const global = listOf(['2000::/3'], 'ipv6')

/** Whether a connection to this address may leave the machine for the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !blocked.check(address, 'ipv4')
    case 6:
      return global.check(address, 'ipv6') && !blockedGlobal.check(address, 'ipv6')
    default:
      return false
  }
}

function listOf(ranges: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network, prefix] = range.split('/')
    list.addSubnet(network as string, Number(prefix), family)
  }
  return list
}
