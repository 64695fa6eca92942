// What every git process of the host runs with: nothing of the machine's, the user's or the repository's settings that could run a program.
// Settings given with `-c` win over those of any file, the repository's own included.

export interface NeutralSettings {
  environment: Record<string, string>
  options: string[]
}

const passedOn = [
  'PATH',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'TMPDIR',
]

/** Settings that would otherwise name a program which git runs in a repository. */
const inert = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  // git passes the path of the other repository to this command; `true` lists nothing.
  'core.alternateRefsCommand=true',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
  'core.editor=false',
  'core.sshCommand=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'receive.autogc=false',
  'receive.denyCurrentBranch=refuse',
  'submodule.recurse=false',
  'log.showSignature=false',
  'push.gpgSign=false',
  'push.recurseSubmodules=no',
  'http.followRedirects=initial',
  'core.quotePath=false',
  'advice.detachedHead=false',
]

/** What an event tells of is on the disk by then. git's own default leaves loose objects and references to chance. */
const durable = ['core.fsync=loose-object,pack,pack-metadata,reference', 'core.fsyncMethod=batch']

const settings = [...inert, ...durable]

/** Builds the environment and the `-c` options for one git process; `protocol` is the only transport it may use, null for none. */
export function neutralSettings(protocol: 'https' | 'http' | 'file' | null): NeutralSettings {
  const environment: Record<string, string> = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    // curl looks for `.netrc` in HOME; nothing can be found below a device.
    HOME: '/dev/null',
    XDG_CONFIG_HOME: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    GIT_ALLOW_PROTOCOL: protocol ?? 'none',
    GIT_PROTOCOL_FROM_USER: '0',
    // What an object claims to be is not believed: one allocation of git's is at most this. Larger files are read in pieces.
    GIT_ALLOC_LIMIT: '2g',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_SSH_COMMAND: 'false',
    LC_ALL: 'C',
    TZ: 'UTC',
  }
  for (const name of passedOn) {
    // oxlint-disable-next-line node/no-process-env -- the machine's way to the network is for git, a program of its own; nothing of ours reads it
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return { environment, options: settings.flatMap((setting) => ['-c', setting]) }
}

/** Command line for the far end of a transfer on this disk, where git starts a second process in the other repository. */
export function farEndCommand(service: 'upload-pack' | 'receive-pack'): string {
  return `git ${settings.map((setting) => `-c '${setting}'`).join(' ')} ${service}`
}
