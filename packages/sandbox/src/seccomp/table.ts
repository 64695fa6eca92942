// The system calls that code in a sandbox may not make; everything else is allowed. One table for both forms of the
// profile: BPF bytes for bubblewrap, JSON for Docker. Numbers: arch/x86/entry/syscalls/syscall_64.tbl and
// include/uapi/asm-generic/unistd.h (arm64) of Linux; null where an architecture does not have the call.

export type Architecture = 'x64' | 'arm64'
export type Errno = 'EPERM' | 'ENOSYS' | 'EAFNOSUPPORT' | 'EPROTONOSUPPORT'

export const ERRNO: Record<Errno, number> = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97, EPROTONOSUPPORT: 93 }

export interface DeniedCall {
  name: string
  x64: number | null
  arm64: number | null
  errno: Errno
}

function deny(name: string, x64: number | null, arm64: number | null, errno: Errno = 'EPERM'): DeniedCall {
  return { name, x64, arm64, errno }
}

export const DENIED: DeniedCall[] = [
  // Large, often attacked parts of the kernel that builds and tests do not need. ENOSYS makes programs fall back.
  deny('io_uring_setup', 425, 425, 'ENOSYS'),
  deny('io_uring_enter', 426, 426, 'ENOSYS'),
  deny('io_uring_register', 427, 427, 'ENOSYS'),
  deny('userfaultfd', 323, 282),
  deny('bpf', 321, 280),
  deny('perf_event_open', 298, 241),
  deny('fanotify_init', 300, 262),
  deny('add_key', 248, 217),
  deny('request_key', 249, 218),
  deny('keyctl', 250, 219),
  // Namespaces: flags of clone3 lie in memory, where a filter cannot look; ENOSYS sends the C library back to clone.
  deny('clone3', 435, 435, 'ENOSYS'),
  deny('setns', 308, 268),
  // Mounts, old and new.
  deny('mount', 165, 40),
  deny('umount2', 166, 39),
  deny('pivot_root', 155, 41),
  deny('open_tree', 428, 428),
  deny('move_mount', 429, 429),
  deny('fsopen', 430, 430),
  deny('fsconfig', 431, 431),
  deny('fsmount', 432, 432),
  deny('fspick', 433, 433),
  deny('mount_setattr', 442, 442),
  deny('quotactl', 179, 60),
  deny('quotactl_fd', 443, 443),
  deny('swapon', 167, 224),
  deny('swapoff', 168, 225),
  // Other processes' memory and descriptors, files by handle. ptrace stays: debuggers and leak checkers need it, and it
  // reaches no further than the sandbox's own processes.
  deny('process_vm_readv', 310, 270),
  deny('process_vm_writev', 311, 271),
  deny('kcmp', 312, 272),
  deny('pidfd_getfd', 438, 438),
  deny('open_by_handle_at', 304, 265),
  // The machine itself.
  deny('kexec_load', 246, 104),
  deny('kexec_file_load', 320, 294),
  deny('reboot', 169, 142),
  deny('init_module', 175, 105),
  deny('finit_module', 313, 273),
  deny('delete_module', 176, 106),
  deny('create_module', 174, null),
  deny('get_kernel_syms', 177, null),
  deny('query_module', 178, null),
  deny('iopl', 172, null),
  deny('ioperm', 173, null),
  deny('acct', 163, 89),
  deny('settimeofday', 164, 170),
  deny('clock_settime', 227, 112),
  deny('clock_adjtime', 305, 266),
  deny('sethostname', 170, 161),
  deny('setdomainname', 171, 162),
  deny('syslog', 103, 116),
  deny('vhangup', 153, 58),
  deny('nfsservctl', 180, 42),
  deny('lookup_dcookie', 212, 18),
  deny('uselib', 134, null),
  deny('ustat', 136, null),
  deny('sysfs', 139, null),
  deny('_sysctl', 156, null),
  deny('migrate_pages', 256, 238),
  deny('move_pages', 279, 239),
]

/** Calls newer than this table answer ENOSYS, as on an older kernel. */
export const NEWEST_KNOWN = 466

/** Calls whose arguments decide. */
export const CLONE = { x64: 56, arm64: 220 }
export const UNSHARE = { x64: 272, arm64: 97 }
export const SOCKET = { x64: 41, arm64: 198 }
export const SOCKETPAIR = { x64: 53, arm64: 199 }
export const IOCTL = { x64: 16, arm64: 29 }

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
export const NAMESPACE_FLAGS = [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
/** CLONE_NEWTIME; in clone these bits are the exit signal. */
export const NAMESPACE_FLAG_TIME = 0x80

/** AF_UNIX, AF_INET, AF_INET6, and AF_NETLINK with protocol NETLINK_ROUTE only. Not AF_VSOCK, AF_PACKET or others. */
export const FAMILIES = [1, 2, 10]
export const FAMILY_NETLINK = 16
export const NEWEST_FAMILY = 46

/** TIOCSTI and TIOCLINUX put characters into a terminal's input. The kernel looks at the low 32 bits only. */
export const DENIED_IOCTLS = [0x5412, 0x541c]
