// What to type to install a program on this machine.

import type { Host } from './host.ts'

/** The command of the machine's own package manager; Debian's where it is not known. */
export async function installCommand(host: Host, packageName: string): Promise<string> {
  if (host.platform === 'darwin') return `brew install ${packageName}`
  const release = (await host.readText('/etc/os-release')) ?? ''
  const kin = /^ID(?:_LIKE)?=.*$/gm[Symbol.match](release)?.join(' ') ?? ''
  const command = /fedora|rhel/.test(kin)
    ? 'dnf install'
    : /arch/.test(kin)
      ? 'pacman -S'
      : /alpine/.test(kin)
        ? 'apk add'
        : /suse/.test(kin)
          ? 'zypper install'
          : 'apt-get install'
  return `${asRoot(host, command)} ${packageName}`
}

/** Puts `sudo` in front where the person is not root already. */
export function asRoot(host: Host, command: string): string {
  return host.userId === 0 ? command : `sudo ${command}`
}
