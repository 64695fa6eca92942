/** What keeps the database from being used, as a machine-readable cause. */
export type DatabaseCause =
  | 'unsupported-platform'
  | 'binaries-missing'
  | 'running-as-root-without-bubblewrap'
  | 'user-namespaces-forbidden'
  | 'home-not-writable'
  | 'disk-full'
  | 'locked'
  | 'version-mismatch'
  | 'server-failed'
  | 'server-not-answering'
  | 'connection-failed'
  | 'role-missing'
  | 'migration-failed'

/** Thrown inside this package; `openDatabase` turns it into a value. `message` says what happened, `fix` what to type. */
export class DatabaseProblem extends Error {
  readonly code: DatabaseCause
  readonly fix: string

  constructor(code: DatabaseCause, message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseProblem'
    this.code = code
    this.fix = fix
  }
}
