// What a bubblewrap sandbox consists of: nothing but what is named here.

import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import type { SandboxLimits } from '@slipway/core/ports'

/** The only parts of the host's /etc that programs need; no accounts, no keys, no host names. */
const ETC = [
  'alternatives',
  'ssl/certs',
  'ssl/openssl.cnf',
  'pki/tls/certs',
  'ca-certificates',
  'ca-certificates.conf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'terminfo',
  'inputrc',
  'java-17-openjdk',
  'java-21-openjdk',
  'perl',
  'python3',
]
const CA_FILE = '/etc/ssl/certs/ca-certificates.crt'
const MIB = 1024 * 1024

export const WORK = '/work'
export const STORE = '/store'
export const PROXY_PORT = 3128

export interface Mount {
  from: string
  to: string
  access: 'read-only' | 'writable'
}

/** Arguments of bwrap up to the command. File descriptors: 3 the seccomp program, 4 information, 5 the start signal. */
export function bubblewrapArguments(input: { mounts: Mount[]; limits: SandboxLimits; environment: Record<string, string> }): string[] {
  const temporary = String(Math.max(16 * MIB, Math.min(input.limits.memoryBytes / 2, input.limits.diskBytes)))
  return [
    '--unshare-all',
    '--unshare-user',
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--hostname',
    'slipway',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--seccomp',
    '3',
    '--info-fd',
    '4',
    '--block-fd',
    '5',
    '--clearenv',
    ...Object.entries(input.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    '--ro-bind',
    '/usr',
    '/usr',
    ...['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap(topLevel),
    ...ETC.flatMap((name) => (existsSync(`/etc/${name}`) ? ['--ro-bind', `/etc/${name}`, `/etc/${name}`] : [])),
    '--proc',
    '/proc',
    '--ro-bind',
    '/proc/sys',
    '/proc/sys',
    '--dev',
    '/dev',
    '--size',
    temporary,
    '--tmpfs',
    '/dev/shm',
    '--remount-ro',
    '/dev',
    '--size',
    temporary,
    '--tmpfs',
    '/tmp',
    '--size',
    temporary,
    '--tmpfs',
    '/home/agent',
    '--dir',
    '/var/tmp',
    ...input.mounts.flatMap((mount) => [mount.access === 'writable' ? '--bind' : '--ro-bind', mount.from, mount.to]),
    '--chdir',
    WORK,
    '--remount-ro',
    '/',
  ]
}

const PATH = '/opt/node/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'

/** The runner's own: proxy and certificate settings would only make Node start slower. */
export const RUNNER_ENVIRONMENT = { PATH, HOME: '/home/agent', LANG: 'C.UTF-8' }

/** The environment that commands start with. */
export function commandEnvironment(input: { hasProxy: boolean; caFile: string | null }): Record<string, string> {
  return {
    ...RUNNER_ENVIRONMENT,
    USER: 'agent',
    TERM: 'dumb',
    CI: 'true',
    ...(input.caFile ? certificateEnvironment(input.caFile) : {}),
    ...(input.hasProxy ? proxyEnvironment() : {}),
  }
}

/** The host's trusted certificates, company ones included, when they lie at the usual place. */
export function hostCaFile(): string | null {
  return existsSync(CA_FILE) ? CA_FILE : null
}

/** Each tool has a name of its own for the same thing. */
function certificateEnvironment(file: string): Record<string, string> {
  const names = [
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'CURL_CA_BUNDLE',
    'GIT_SSL_CAINFO',
    'PIP_CERT',
    'REQUESTS_CA_BUNDLE',
    'CARGO_HTTP_CAINFO',
  ]
  return Object.fromEntries(names.map((name) => [name, file]))
}

function proxyEnvironment(): Record<string, string> {
  const url = `http://127.0.0.1:${PROXY_PORT}`
  const local = 'localhost,127.0.0.1,::1'
  return {
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    npm_config_proxy: url,
    npm_config_https_proxy: url,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
  }
}

/** On merged systems /bin is a link to usr/bin; on others a directory. */
function topLevel(path: string): string[] {
  if (!existsSync(path)) return []
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}
