// What code in a sandbox tries first: a list of doors, each of which has to be shut, or lead nowhere.

import { createServer, type Server } from 'node:net'
import { SandboxLost, type Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

/** Name of a door, and a Python expression that is true when it stands open. */
const DOORS: [name: string, expression: string][] = [
  ['memory of the machine', `reads('/proc/kcore') or reads('/dev/mem') or reads('/dev/kmem') or reads('/dev/port')`],
  ['log of the kernel', `reads('/proc/kmsg') or reads('/dev/kmsg') or call('syslog', 3, buffer, 4096) >= 0`],
  ['keys of the kernel', `reads('/proc/keys') or call('keyctl', 0, -3, 0) >= 0 or call('add_key', b'user', b'x', b'y', 1, -3) >= 0`],
  ['root of the first process', `len(set(lists('/proc/1/root/')) - set(lists('/'))) > 0 or reads('/proc/1/root/etc/shadow')`],
  ['environment of anybody else', `any(b'KEY' in text or b'TOKEN' in text or b'SLIPWAY_H' in text for text in environments())`],
  ['block devices', `any(stat.S_ISBLK(os.stat('/dev/' + n).st_mode) for n in lists('/dev') if os.path.exists('/dev/' + n))`],
  [
    'devices beyond the usual',
    `not set(lists('/dev')) <= {'console', 'core', 'fd', 'full', 'mqueue', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'}`,
  ],
  [
    'a device of its own',
    `makes(lambda: os.mknod('/work/device', 0o600 | stat.S_IFBLK, os.makedev(8, 0))) or makes(lambda: os.mknod('/tmp/device', 0o600 | stat.S_IFCHR, os.makedev(1, 1)))`,
  ],
  [
    'control groups',
    `writes('/sys/fs/cgroup/cgroup.procs') or makes(lambda: os.mkdir('/sys/fs/cgroup/x')) or writes('/sys/fs/cgroup/memory/memory.limit_in_bytes') or writes('/sys/fs/cgroup/release_agent')`,
  ],
  [
    'settings of the kernel',
    `writes('/proc/sys/kernel/core_pattern') or writes('/proc/sys/kernel/modprobe') or writes('/proc/sysrq-trigger') or writes('/sys/kernel/uevent_helper') or writes('/proc/sys/fs/binfmt_misc/register')`,
  ],
  [
    'maps of the user namespace',
    `any(makes(lambda: os.write(os.open('/proc/' + of, os.O_WRONLY), b'0 0 1')) for of in ('self/uid_map', 'self/gid_map', '1/uid_map'))`,
  ],
  ['another user', `makes(lambda: os.setuid(0)) or makes(lambda: os.setgroups([0])) or makes(lambda: os.chroot('/tmp'))`],
  [
    'a new namespace',
    `any(call('unshare', flag) >= 0 for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80)) or call('clone3', buffer, 88) >= 0`,
  ],
  ["the host's namespaces", `any(joins('/proc/1/ns/' + n) for n in lists('/proc/1/ns'))`],
  [
    'a mount',
    `call('mount', b'none', b'/tmp', b'tmpfs', 0, 0) >= 0 or call('umount2', b'/proc/sys', 2) >= 0 or call('open_tree', -100, b'/', 1) >= 0 or call('fsopen', b'tmpfs', 0) >= 0 or call('move_mount', 0, b'', 0, b'', 0) >= 0 or call('pivot_root', b'/', b'/') >= 0 or call('mount_setattr', -100, b'/', 0, buffer, 32) >= 0`,
  ],
  [
    'rings, programs and counters in the kernel',
    `call('io_uring_setup', 8, buffer) >= 0 or call('bpf', 5, buffer, 72) >= 0 or call('userfaultfd', 0) >= 0 or call('perf_event_open', buffer, 0, -1, -1, 0) >= 0`,
  ],
  [
    'memory and descriptors of the runner',
    `call('process_vm_readv', os.getppid(), buffer, 1, buffer, 1, 0) >= 0 or call('pidfd_getfd', call('pidfd_open', os.getppid(), 0), 1, 0) >= 0 or call('kcmp', 1, os.getppid(), 0, 0, 0) >= 0`,
  ],
  ['a file by its handle', `call('open_by_handle_at', 3, buffer, 0) >= 0`],
  [
    'modules, a new kernel, the clock, the name',
    `call('init_module', buffer, 0, b'') >= 0 or call('kexec_load', 0, 0, 0, 0) >= 0 or call('clock_settime', 0, buffer) >= 0 or call('sethostname', b'x', 1) >= 0 or call('reboot', 0, 0, 0, 0) >= 0 or call('acct', 0) >= 0 or call('swapon', b'/x', 0) >= 0`,
  ],
  [
    'sockets below and beside the network',
    `any(opens(family, kind) for family, kind in ((17, 3), (40, 1), (38, 5), (31, 3), (2, 3), (10, 3), (15, 3), (29, 3), (16, 3), (44, 3)) if (family, kind) != (16, 3)) or any(opens(16, 3, protocol) for protocol in range(1, 23))`,
  ],
  ["the host's abstract sockets", `connects('\\0' + sys.argv[1])`],
  [
    "the daemon's socket",
    `any(os.path.exists(path) for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock', '/run/podman/podman.sock', '/run/systemd/private', '/run/dbus/system_bus_socket'))`,
  ],
  [
    "other sandboxes' state",
    `any(len(lists(path)) > 0 for path in ('/var/lib/slipway', '/var/lib/docker', '/root', '/home/agent/../../root', '/work/../../tmp/slipway'))`,
  ],
  [
    'a dump of memory on the host',
    `resource.getrlimit(resource.RLIMIT_CORE) != (1, 1) or makes(lambda: resource.setrlimit(resource.RLIMIT_CORE, (2, 2)))`,
  ],
  [
    'programs that become another user',
    `any(os.stat(os.path.join(at, n)).st_mode & 0o6000 and not sees_no_new_privileges() for at in ('/usr/bin', '/usr/sbin') for n in lists(at) if os.path.exists(os.path.join(at, n)))`,
  ],
]

const NUMBERS: Record<string, [x64: number, arm64: number]> = {
  syslog: [103, 116],
  keyctl: [250, 219],
  add_key: [248, 217],
  unshare: [272, 97],
  clone3: [435, 435],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  open_tree: [428, 428],
  fsopen: [430, 430],
  move_mount: [429, 429],
  pivot_root: [155, 41],
  mount_setattr: [442, 442],
  io_uring_setup: [425, 425],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  process_vm_readv: [310, 270],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  open_by_handle_at: [304, 265],
  init_module: [175, 105],
  kexec_load: [246, 104],
  clock_settime: [227, 112],
  sethostname: [170, 161],
  reboot: [169, 142],
  acct: [163, 89],
  swapon: [167, 224],
}

const numbers = Object.fromEntries(Object.entries(NUMBERS).map(([name, [x64, arm64]]) => [name, process.arch === 'arm64' ? arm64 : x64]))

const script = `
import ctypes, glob, json, os, resource, socket, stat, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
numbers = json.loads('${JSON.stringify(numbers)}')
buffer = ctypes.create_string_buffer(4096)
def call(name, *arguments): return libc.syscall(ctypes.c_long(numbers[name]), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
def attempt(act):
  try: return act()
  except (OSError, ValueError): return None
def makes(act):
  try: act()
  except (OSError, ValueError): return False
  return True
def reads(path): return bool(attempt(lambda: open(path, 'rb', buffering=0).read(64)))
def writes(path): return makes(lambda: os.close(os.open(path, os.O_WRONLY)))
def lists(path): return attempt(lambda: os.listdir(path)) or []
def environments(): return [attempt(lambda: open(path, 'rb').read()) or b'' for path in glob.glob('/proc/[0-9]*/environ')]
def opens(family, kind, protocol=0): return makes(lambda: socket.socket(family, kind, protocol).close())
def connects(path):
  s = socket.socket(socket.AF_UNIX)
  return makes(lambda: s.connect(path))
def joins(path):
  fd = attempt(lambda: os.open(path, os.O_RDONLY))
  return fd is not None and call('setns', fd, 0) >= 0
def sees_no_new_privileges(): return 'NoNewPrivs:\\t1' in open('/proc/self/status').read()
for name, expression in json.load(open('doors.json')):
  if eval(expression): print(name, flush=True)
print('tried', flush=True)
`

describe.each(backendsUnderTest())('doors of %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  let abstract: Server
  beforeAll(async () => {
    abstract = createServer((socket) => socket.end('host'))
    await new Promise<void>((resolve) => abstract.listen(`\0slipway-probe-${process.pid}`, resolve))
    bench = await openBench(backend, { environment: { PROBE_KEY: 'x', PROBE_TOKEN: 'y' } })
    sandbox = await bench.create()
  })
  afterAll(async () => {
    await bench.close()
    abstract.close()
  })

  test('every door is shut', async () => {
    await sandbox.writeFile('doors.json', Buffer.from(JSON.stringify(DOORS)), {})
    await sandbox.writeFile('doors.py', Buffer.from(script), {})
    const { stdout, stderr } = await sh(sandbox, `python3 doors.py slipway-probe-${process.pid}`)
    expect({ open: stdout.trim().split('\n'), stderr }).toEqual({ open: ['tried'], stderr: '' })
  })

  test('a program that crashes leaves no dump', async () => {
    await sh(sandbox, `mkdir dump; cd dump; ulimit -c unlimited; bash -c 'kill -SEGV $$'`)
    expect((await sh(sandbox, 'ls -A dump')).stdout).toBe('')
  })

  test('a runner that is frozen or traced takes its own sandbox with it and no other', async () => {
    const attacks = [
      'kill -STOP $PPID; sleep 60',
      `python3 -c "import ctypes, os; ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0); import time; time.sleep(60)"`,
    ]
    const tried = attacks.map(async (attack) => {
      const doomed = await bench.create()
      const startedAt = performance.now()
      const ended = await doomed.exec({ argv: ['bash', '-c', attack], timeoutMs: 500 }).catch((error: unknown) => error)
      expect(ended).toBeInstanceOf(SandboxLost)
      expect(String(ended)).toContain('could not be ended within 2 s')
      expect(performance.now() - startedAt).toBeLessThan(30_000)
      expect((await sh(sandbox, 'echo alive')).stdout).toBe('alive\n')
    })
    await Promise.all(tried)
  })
})
