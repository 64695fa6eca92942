// The one place where the environment becomes settings. Everything else is handed what it needs of them.

import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import type { MailServer } from '@slipway/connectors/mail/mail-server'
import type { ModelSettings } from '@slipway/agent/model/settings'
import { modelSettingsFrom } from '@slipway/agent/model/settings'
import { providersByPreference, usualModels } from '@slipway/agent/model/usual-models'
import type { EgressPolicy, SandboxLimits } from '@slipway/core/ports'
import type { Limits, RoleName, Roles, SandboxBackendName } from '@slipway/core/events'
import type { Secret } from '@slipway/core/secret'
import { databaseAddress, mailServer, privateKey, secret, secretKeys } from './settings/kinds.ts'
import { missingHalves, serviceSettingsFrom, type ServiceSettings } from './settings/service-settings.ts'
import type { Values, Variable } from './settings/variables.ts'
import { toolVariables, variables } from './settings/variables.ts'

export interface Settings extends ServiceSettings {
  /** Absolute. */
  home: string
  /** null: the embedded server in the home folder. */
  databaseUrl: Secret | null
  role: 'all' | 'api' | 'worker'
  http: { host: string; port: number; publicUrl: string | null; trustedProxies: string[] }
  /** Null: the port beside the interface's, and host names below localhost. */
  preview: { port: number | null; url: string | null; idleMs: number }
  signIn: {
    /** null: by how the server is reached. */
    signUp: Values['SLIPWAY_SIGN_UP']
    /** The present one first; null: from the home folder. */
    secretKeys: Secret[] | null
    google: { clientId: string; clientSecret: Secret; issuerUrl: string } | null
  }
  /** null: no mail is sent. */
  mail: { server: MailServer; from: string } | null
  /** Folders whose repositories people other than the server's owner can name. */
  localRepositories: string[]
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  models: ModelSettings
  /** null: nothing names a model and no key is set; a reachable Ollama or `--model` can still bring one. */
  roles: Roles | null
  limits: Limits
  dailyBudgetMicros: number
  sandbox: {
    /** null: the best backend that passes its self-test. */
    backend: SandboxBackendName | null
    image: string
    runtime: string | null
    dockerSocket: string
    allowUnsafeProcess: boolean
    /** Who sandboxes are for the host when it is root. */
    userId: number
    stateDirectory: string | null
    limits: SandboxLimits
  }
  /** `setup: null` means the presets for package registries. */
  egress: { agent: EgressPolicy; setup: EgressPolicy | null; allowPrivate: string[] }
  worker: { sessions: number; leaseMs: number; heartbeatMs: number }
  /** Variables called SLIPWAY_… that are no setting: most likely misspelt. */
  unknownNames: string[]
}

export type SettingsResult = { ok: true; settings: Settings } | { ok: false; problems: string[] }

export type Environment = Record<string, string | undefined>

const MEGABYTE = 1024 * 1024
const SECOND = 1000
const MINUTE = 60 * SECOND

/** Checks the whole environment and reports every problem at once; a variable that is set to nothing counts as not set. */
export function readSettings(environment: Environment): SettingsResult {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, variable] of Object.entries<Variable>(variables)) {
    const typed = environment[name]?.trim() || null
    const parsed = typed === null && variable.byDefault === null ? null : variable.kind.safeParse(typed ?? variable.byDefault)
    if (parsed === null || parsed.success) values[name] = parsed?.data ?? null
    else problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}.${shown(variable, typed)}`)
  }
  problems.push(...missingHalves(environment))
  problems.push(...previewProblems(values as Partial<Values>))
  if (problems.length > 0) return { ok: false, problems }
  // Every name of the table was parsed by its own kind in the loop above.
  return { ok: true, settings: settingsFrom(values as Values, environment) }
}

/** Below a name that covers the interface's, an application could set cookies that reach it. */
function previewProblems({ SLIPWAY_PREVIEW_URL: preview, SLIPWAY_PUBLIC_URL: address }: Partial<Values>): string[] {
  if (!preview || !address) return []
  const parent = new URL(preview.replace('*', 'x')).hostname.slice('x'.length)
  const isCovered = `.${new URL(address).hostname}`.endsWith(parent)
  return isCovered
    ? [
        `SLIPWAY_PREVIEW_URL must not cover the host name of SLIPWAY_PUBLIC_URL: use a name below which the interface does not lie, such as https://*.preview${parent}.`,
      ]
    : []
}

/** One model for every role, cheap helpers from the same provider where a name is known. */
export function rolesFor(
  main: string,
  values: Partial<Record<RoleName, string | null>>,
  extra: { cheap: string | null; fallback: string | null; effort: Roles['code']['effort'] },
): Roles {
  const role = (name: RoleName, model: string, effort: Roles['code']['effort']) => ({
    model: values[name] ?? model,
    effort,
    fallback: extra.fallback,
  })
  const cheap = extra.cheap ?? main
  return {
    plan: role('plan', main, extra.effort),
    code: role('code', main, extra.effort),
    explore: role('explore', cheap, null),
    summarise: role('summarise', cheap, null),
    title: role('title', cheap, null),
  }
}

function settingsFrom(values: Values, environment: Environment): Settings {
  const home = homeFrom(values.SLIPWAY_HOME, environment)
  const uploadLimitBytes = values.SLIPWAY_EGRESS_UPLOAD_MB * MEGABYTE
  const leaseMs = values.SLIPWAY_LEASE_SECONDS * SECOND
  return {
    home,
    databaseUrl: values.DATABASE_URL,
    role: values.SLIPWAY_ROLE,
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.SLIPWAY_PUBLIC_URL,
      trustedProxies: values.SLIPWAY_TRUSTED_PROXIES ?? [],
    },
    mail: values.SMTP_URL === null || values.MAIL_FROM === null ? null : { server: values.SMTP_URL, from: values.MAIL_FROM },
    preview: {
      port: values.SLIPWAY_PREVIEW_PORT,
      url: values.SLIPWAY_PREVIEW_URL,
      idleMs: values.SLIPWAY_PREVIEW_IDLE_MINUTES * MINUTE,
    },
    localRepositories: values.SLIPWAY_LOCAL_REPOSITORIES ?? [],
    signIn: { signUp: values.SLIPWAY_SIGN_UP, secretKeys: values.SLIPWAY_SECRET_KEY, google: googleFrom(values) },
    logLevel: values.SLIPWAY_LOG_LEVEL,
    models: {
      ...modelSettingsFrom(typedOnly(environment), process.cwd()),
      deadlines: {
        firstChunkMs: values.SLIPWAY_FIRST_CHUNK_SECONDS * SECOND,
        betweenChunksMs: values.SLIPWAY_CHUNK_SECONDS * SECOND,
        callMs: values.SLIPWAY_CALL_MINUTES * MINUTE,
      },
    },
    roles: rolesFrom(values),
    limits: {
      budgetMicros: values.SLIPWAY_SESSION_BUDGET_USD,
      maxSteps: values.SLIPWAY_MAX_STEPS,
      maxStageSteps: values.SLIPWAY_MAX_STAGE_STEPS,
      maxTurnMs: values.SLIPWAY_MAX_TURN_MINUTES * MINUTE,
    },
    dailyBudgetMicros: values.SLIPWAY_DAILY_BUDGET_USD,
    ...serviceSettingsFrom(values),
    sandbox: {
      backend: values.SLIPWAY_SANDBOX,
      image: values.SLIPWAY_SANDBOX_IMAGE,
      runtime: values.SLIPWAY_DOCKER_RUNTIME,
      dockerSocket: values.DOCKER_HOST.replace('unix://', ''),
      allowUnsafeProcess: values.SLIPWAY_UNSAFE_PROCESS_SANDBOX,
      userId: values.SLIPWAY_SANDBOX_UID,
      stateDirectory: values.SLIPWAY_SANDBOX_STATE,
      limits: {
        memoryBytes: values.SLIPWAY_SANDBOX_MEMORY_MB * MEGABYTE,
        processes: values.SLIPWAY_SANDBOX_PROCESSES,
        cpus: values.SLIPWAY_SANDBOX_CPUS,
        diskBytes: values.SLIPWAY_SANDBOX_DISK_MB * MEGABYTE,
      },
    },
    egress: {
      agent: { allow: values.SLIPWAY_EGRESS_ALLOW ?? [], uploadLimitBytes },
      setup: values.SLIPWAY_EGRESS_SETUP_ALLOW === null ? null : { allow: values.SLIPWAY_EGRESS_SETUP_ALLOW, uploadLimitBytes },
      allowPrivate: values.SLIPWAY_EGRESS_ALLOW_PRIVATE ?? [],
    },
    // Three heartbeats fit into one lease, so that a single late one loses nothing.
    worker: { sessions: values.SLIPWAY_WORKER_SESSIONS, leaseMs, heartbeatMs: Math.floor(leaseMs / 3) },
    unknownNames: Object.keys(environment).filter(
      (name) => name.startsWith('SLIPWAY_') && !(name in variables) && !toolVariables.includes(name),
    ),
  }
}

/** The variables as they were checked: without white space around them, and without those that are set to nothing. */
function typedOnly(environment: Environment): Environment {
  const typed = Object.entries(environment).map(([name, value]): [string, string | undefined] => [name, value?.trim()])
  return Object.fromEntries(typed.filter(([, value]) => value))
}

function googleFrom({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER_URL: issuerUrl }: Values) {
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret, issuerUrl }
}

function rolesFrom(values: Values): Roles | null {
  const keys = { anthropic: values.ANTHROPIC_API_KEY, openai: values.OPENAI_API_KEY, google: values.GOOGLE_GENERATIVE_AI_API_KEY }
  const named = values.SLIPWAY_MODEL ?? values.SLIPWAY_MODEL_CODE
  const provider = providersByPreference.find((name) => (named === null ? keys[name] !== null : named.startsWith(`${name}/`)))
  const usual = provider === undefined ? null : usualModels[provider]
  const main = named ?? usual?.main
  if (main === undefined) return null
  const byRole: Partial<Record<RoleName, string | null>> = {
    plan: values.SLIPWAY_MODEL_PLAN,
    code: values.SLIPWAY_MODEL_CODE,
    explore: values.SLIPWAY_MODEL_EXPLORE,
    summarise: values.SLIPWAY_MODEL_SUMMARISE,
    title: values.SLIPWAY_MODEL_TITLE,
  }
  return rolesFor(main, byRole, { cheap: usual?.cheap ?? null, fallback: values.SLIPWAY_FALLBACK_MODEL, effort: values.SLIPWAY_EFFORT })
}

function homeFrom(typed: string | null, environment: Environment): string {
  const person = environment['HOME'] || homedir()
  if (typed === null) return resolve(person, '.slipway')
  const path = typed === '~' || typed.startsWith('~/') ? resolve(person, typed.slice(2)) : typed
  return isAbsolute(path) ? path : resolve(path)
}

const privateKinds: unknown[] = [secret, secretKeys, privateKey, databaseAddress, mailServer]

/** What was typed, unless it is a credential or may hold one. */
function shown(variable: Variable, typed: string | null): string {
  const isPrivate = privateKinds.includes(variable.kind) || /:\/\/[^/]*@/.test(typed ?? '')
  return typed === null || isPrivate ? '' : ` It is: ${JSON.stringify(typed.slice(0, 80))}`
}
