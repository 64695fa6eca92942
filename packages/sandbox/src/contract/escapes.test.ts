import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

/** Makes one system call and prints its error, or "allowed". Numbers of x86-64 and arm64. */
function syscall(x64: number, arm64: number, ...args: (number | string)[]): string {
  return `perl -e '$r = syscall(${process.arch === 'arm64' ? arm64 : x64}${args.map((arg) => `, ${arg}`).join('')}); print $r < 0 ? $!+0 : "allowed"'`
}

const EPERM = '1'
const ENOSYS = '38'
const EAFNOSUPPORT = '97'

describe.each(backendsUnderTest())('walls of %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  let other: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
    sandbox = await bench.create()
    other = await bench.create()
  })
  afterAll(() => bench.close())
  const out = async (script: string): Promise<string> => (await sh(sandbox, script)).stdout.trim()

  test('the self-test passes and names every wall', async () => {
    const result = (await bench.sandboxes.selfTests()).find((each) => each.backend === backend)
    expect(result?.findings.filter((finding) => !finding.ok)).toEqual([])
    expect(result?.findings.map((finding) => finding.name)).toEqual(
      expect.arrayContaining([
        'proc-sys',
        'network',
        'user-namespace',
        'docker-socket',
        'root-files',
        'root-user',
        'capabilities',
        'no-new-privileges',
        'seccomp',
      ]),
    )
  })

  test('kernel settings cannot be written', async () => {
    expect(await out('find /proc/sys /proc/sysrq-trigger /proc/irq -writable 2>/dev/null | head')).toBe('')
    expect(await out('cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness; echo $?')).toBe('1')
    expect(await out('(echo "|/bin/true" > /proc/sys/kernel/core_pattern) 2>/dev/null; echo $?')).toBe('1')
  })

  test('system calls that open the kernel wide are refused', async () => {
    expect(await out(syscall(425, 425, 8, 0))).toBe(ENOSYS)
    expect(await out(syscall(435, 435, 0, 0))).toBe(ENOSYS)
    for (const call of [
      syscall(272, 97, 0x10000000),
      syscall(272, 97, 0x20000),
      syscall(56, 220, 0x10000011, 0, 0, 0, 0),
      syscall(308, 268, 0, 0),
      syscall(165, 40, 0, 0, 0, 0, 0),
      syscall(430, 430, 0, 0),
      syscall(250, 219, 0, 0, 0),
      syscall(248, 217, 0, 0, 0, 0, -2),
      syscall(323, 282, 0),
      syscall(321, 280, 0, 0, 0),
      syscall(298, 241, 0, 0, 0, 0, 0),
      syscall(304, 265, 0, 0, 0),
      syscall(310, 270, 1, 0, 0, 0, 0, 0),
    ])
      expect([call, await out(call)]).toEqual([call, EPERM])
    // TIOCSTI, also with bits above the 32 that the kernel looks at.
    for (const request of ['0x5412', '0x100005412']) expect(await out(syscall(16, 29, 0, request, 0))).toBe(EPERM)
  })

  test('sockets of unusual families are refused, also with the number hidden in the upper half', async () => {
    for (const family of [40, 17, 38, 31, 16 + 1])
      expect([family, await out(syscall(41, 198, family, 1, 0))]).toEqual([family, EAFNOSUPPORT])
    expect(await out(syscall(41, 198, '0x100000028', 1, 0))).not.toBe('allowed')
    expect(await out(syscall(41, 198, 2, 1, 0))).toBe('allowed')
  })

  test('mount and unshare fail as programs too, and there is nothing of set-user-ID use', async () => {
    expect(await out('unshare -U true 2>/dev/null; echo $?')).not.toBe('0')
    expect(await out('mount -t tmpfs none /tmp 2>/dev/null; echo $?')).not.toBe('0')
    expect(await out('grep -E "^(Cap(Eff|Prm|Bnd)|NoNewPrivs|Seccomp):" /proc/self/status | tr -d "\\n\\t"')).toBe(
      'CapPrm:0000000000000000CapEff:0000000000000000CapBnd:0000000000000000NoNewPrivs:1Seccomp:2',
    )
  })

  test('the root file system is read-only and holds no secret of the host', async () => {
    expect(await out('for p in / /usr /etc /opt/node /opt/slipway /run/slipway; do touch $p/x 2>/dev/null && echo $p; done')).toBe('')
    expect(await out('cat /etc/shadow /root/.ssh/* /etc/ssh/ssh_host* 2>/dev/null | wc -c')).toBe('0')
    expect(await out('ls -d /run/docker.sock /var/run/docker.sock /var/lib/docker /work/../../var/lib/slipway 2>/dev/null')).toBe('')
    expect(await out('env | grep -i -E "key|token|secret|database|password"')).toBe('')
  })

  test("no other process is seen: not the host's, not another sandbox's", async () => {
    const there = other.exec({ argv: ['sleep', '977'], timeoutMs: 3_000 })
    expect(await out('cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -c "[s]leep 977"')).toBe('0')
    expect(await out('ls -d /proc/[0-9]* | wc -l').then(Number)).toBeLessThan(12)
    expect(await out(`perl -e '$n = 0; for (2..40000) { $n += kill(0, $_) } print $n'`).then(Number)).toBeLessThan(12)
    // PTRACE_ATTACH to the host process that runs this test: it has no number here.
    expect(await out(syscall(101, 117, 16, process.pid, 0, 0))).toBe('3')
    await there
  })

  test("another sandbox's files and ports are out of reach", async () => {
    await sh(
      other,
      `echo private > mine.txt; (perl -MIO::Socket::INET -e 'IO::Socket::INET->new(LocalAddr=>"0.0.0.0:8999",Listen=>1)->accept' >/dev/null 2>&1 &) ; sleep 0.2`,
    )
    expect(await out('(exec 3<>/dev/tcp/127.0.0.1/8999) 2>/dev/null && echo reached')).toBe('')
    expect(await out('find / -name mine.txt -not -path "/proc/*" 2>/dev/null')).toBe('')
    expect(await out('find / -name "*.sock" -not -path "/proc/*" 2>/dev/null')).toBe('/run/slipway/egress.sock')
  })

  test("the host's loopback, the metadata address and the internet are out of reach", async () => {
    const server = createServer((socket) => socket.end('host'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    for (const target of [`127.0.0.1/${port}`, '169.254.169.254/80', '1.1.1.1/443', '10.0.0.1/80']) {
      expect([target, await out(`(exec 3<>/dev/tcp/${target}) 2>/dev/null && echo reached`)]).toEqual([target, ''])
    }
    expect(
      await out(
        `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17); print defined send(S, "x", 0, sockaddr_in(53, inet_aton("8.8.8.8"))) ? "sent" : "no"'`,
      ),
    ).toBe('no')
    server.close()
  })

  test('32-bit system calls end the program', async () => {
    if (process.arch !== 'x64') return
    const probe = 'int main(void){int r;__asm__ volatile("int $0x80":"=a"(r):"a"(20));return r>0?42:43;}'
    expect(await out(`printf '%s' '${probe}' > p.c && gcc -o p p.c && ./p; echo $?`)).toMatch(/^(159|43)$/m)
  })
})
