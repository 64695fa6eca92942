// Every environment variable that Slipway reads: how it is checked, its default and what it does. docs/configuration.md is made from this.

import type { z } from 'zod'
import {
  databaseAddress,
  dockerAddress,
  dollars,
  flag,
  folders,
  hostPatterns,
  hostPorts,
  mailSender,
  mailServer,
  modelName,
  networks,
  oneOf,
  secret,
  secretKeys,
  signUp,
  text,
  webAddress,
  wholeNumber,
  wildcardAddress,
} from './kinds.ts'
import { serviceVariables } from './service-variables.ts'

export interface Variable<Kind extends z.ZodType = z.ZodType> {
  group: Group
  kind: Kind
  /** Text as a person would type it; null: not set. */
  byDefault: string | null
  /** Shown in place of a default that is worked out at start. */
  defaultNote?: string
  what: string
}

const groups = [
  'Installation',
  'Signing in',
  'Models',
  'Limits',
  'Forges',
  'Notion and Vercel',
  'Sandbox',
  'Network of sandboxes',
  'Workers',
] as const
export type Group = (typeof groups)[number]
export const variableGroups: readonly Group[] = groups

export const variables = {
  SLIPWAY_HOME: {
    group: 'Installation',
    kind: text,
    byDefault: null,
    defaultNote: '`~/.slipway`',
    what: 'Folder for the embedded database, repositories, sandboxes and the API token. Must be on a local disk and yours alone.',
  },
  PORT: {
    group: 'Installation',
    kind: wholeNumber({ min: 0, max: 65_535 }),
    byDefault: '3000',
    what: 'Port of the server; `0` takes a free one and prints it.',
  },
  HOST: {
    group: 'Installation',
    kind: text,
    byDefault: '127.0.0.1',
    what: 'Address that the server listens on. Anything but loopback makes the API reachable from other machines, protected by signing in; set `SLIPWAY_PUBLIC_URL` as well.',
  },
  SLIPWAY_PUBLIC_URL: {
    group: 'Installation',
    kind: webAddress,
    byDefault: null,
    defaultNote: '`http://127.0.0.1:PORT`',
    what: 'Address under which people reach the server, for links and for the check of Origin and Host.',
  },
  SLIPWAY_PREVIEW_PORT: {
    group: 'Installation',
    kind: wholeNumber({ min: 0, max: 65_535 }),
    byDefault: null,
    defaultNote: '`PORT` + 1, or a free one where that is taken',
    what: 'Port on which previews of applications under work are served, apart from everything else; `0` takes a free one.',
  },
  SLIPWAY_PREVIEW_URL: {
    group: 'Installation',
    kind: wildcardAddress,
    byDefault: null,
    defaultNote: '`http://*.localhost:` and the preview port',
    what: 'Wildcard address under which browsers reach previews, such as `https://*.preview.example.net`, led to the preview port with its Host unchanged. Use a domain that serves nothing else: what runs there is what agents write.',
  },
  SLIPWAY_PREVIEW_IDLE_MINUTES: {
    group: 'Installation',
    kind: wholeNumber({ min: 1, max: 1440 }),
    byDefault: '15',
    what: 'An application that was started for a preview is stopped when nobody has looked at it for so long.',
  },
  SLIPWAY_TRUSTED_PROXIES: {
    group: 'Installation',
    kind: networks,
    byDefault: null,
    defaultNote: 'none',
    what: 'Addresses of reverse proxies whose `X-Forwarded-For` says who asks, so that limits count people and not the proxy.',
  },
  SLIPWAY_ROLE: {
    group: 'Installation',
    kind: oneOf('all', 'api', 'worker'),
    byDefault: 'all',
    what: 'What this process does: answer requests, work on sessions, or both.',
  },
  DATABASE_URL: {
    group: 'Installation',
    kind: databaseAddress,
    byDefault: null,
    defaultNote: 'embedded PostgreSQL in `SLIPWAY_HOME`',
    what: 'PostgreSQL 15 or newer to use in place of the embedded one; needed as soon as processes on several machines share the work.',
  },
  SLIPWAY_LOG_LEVEL: {
    group: 'Installation',
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    byDefault: 'info',
    what: 'Least important log line that is written.',
  },

  SLIPWAY_SIGN_UP: {
    group: 'Signing in',
    kind: signUp,
    byDefault: null,
    defaultNote: '`open` on loopback, `invited` with a public address',
    what: 'Who may sign in: `open` (everybody who can reach the server), `invited` (addresses that an administrator has added), or a list of mail domains such as `example.org,example.com`. The first person on a new installation may always, and becomes administrator.',
  },
  SLIPWAY_LOCAL_REPOSITORIES: {
    group: 'Signing in',
    kind: folders,
    byDefault: null,
    defaultNote: 'none',
    what: 'Folders on the server whose repositories everybody who may start sessions can name, separated by colons. Whoever runs the server (the command line, and the first administrator) can name any.',
  },
  SLIPWAY_SECRET_KEY: {
    group: 'Signing in',
    kind: secretKeys,
    byDefault: null,
    defaultNote: '`secret-key` in `SLIPWAY_HOME`, made at the first start',
    what: 'Signs cookies, seals the audit and keeps people’s tokens unreadable in the database; 32 characters or more. The same for all processes of one installation. To change it, put the new one in front of the old ones, separated by commas (in the file: one a line): the first one is used, the others still open what they closed.',
  },
  GOOGLE_CLIENT_ID: {
    group: 'Signing in',
    kind: text,
    byDefault: null,
    what: 'Lets people sign in with Google; needs `GOOGLE_CLIENT_SECRET`. The address to register is `<public address>/api/auth/callback/google`.',
  },
  GOOGLE_CLIENT_SECRET: { group: 'Signing in', kind: secret, byDefault: null, what: 'Belongs to `GOOGLE_CLIENT_ID`.' },
  GOOGLE_ISSUER_URL: {
    group: 'Signing in',
    kind: webAddress,
    byDefault: 'https://accounts.google.com',
    what: 'Google’s OpenID issuer, or another one that answers in its place.',
  },

  SMTP_URL: {
    group: 'Signing in',
    kind: mailServer,
    byDefault: null,
    defaultNote: 'no mail is sent',
    what: 'Mail server for links to sign in and for mails that people ask for in Settings → Notifications, such as `smtps://user:password@mail.example.org`; needs `MAIL_FROM`. Special characters of the password as `%XX`. `smtp://` is encrypted before anything is said, unless the server is on this machine.',
  },
  MAIL_FROM: {
    group: 'Signing in',
    kind: mailSender,
    byDefault: null,
    what: 'Sender of mails, such as `Slipway <slipway@example.org>`.',
  },

  SLIPWAY_MODEL: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    defaultNote: 'by the first key that is set, in the order below',
    what: 'Model for every role that has none of its own, as `provider/model`.',
  },
  SLIPWAY_MODEL_PLAN: { group: 'Models', kind: modelName, byDefault: null, defaultNote: '`SLIPWAY_MODEL`', what: 'Model that plans.' },
  SLIPWAY_MODEL_CODE: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    defaultNote: '`SLIPWAY_MODEL`',
    what: 'Model that writes the change.',
  },
  SLIPWAY_MODEL_EXPLORE: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    defaultNote: 'the provider’s cheap model',
    what: 'Model of the read-only helper.',
  },
  SLIPWAY_MODEL_SUMMARISE: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    defaultNote: 'the provider’s cheap model',
    what: 'Model that condenses long sessions.',
  },
  SLIPWAY_MODEL_TITLE: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    defaultNote: 'the provider’s cheap model',
    what: 'Model that names sessions.',
  },
  SLIPWAY_FALLBACK_MODEL: {
    group: 'Models',
    kind: modelName,
    byDefault: null,
    what: 'Model that takes over after three failures in a row.',
  },
  SLIPWAY_EFFORT: {
    group: 'Models',
    kind: oneOf('low', 'medium', 'high'),
    byDefault: null,
    defaultNote: 'the model’s own',
    what: 'How hard the planning and coding models think, where they can be told.',
  },
  ANTHROPIC_API_KEY: { group: 'Models', kind: secret, byDefault: null, what: 'Key for `anthropic/…` models.' },
  ANTHROPIC_BASE_URL: {
    group: 'Models',
    kind: webAddress,
    byDefault: 'https://api.anthropic.com',
    what: 'Where Anthropic’s API is; `/v1` is added when there is no path.',
  },
  OPENAI_API_KEY: { group: 'Models', kind: secret, byDefault: null, what: 'Key for `openai/…` models.' },
  OPENAI_BASE_URL: {
    group: 'Models',
    kind: webAddress,
    byDefault: 'https://api.openai.com',
    what: 'Where OpenAI’s API is; `/v1` is added when there is no path.',
  },
  OPENAI_COMPATIBLE_API_KEY: {
    group: 'Models',
    kind: secret,
    byDefault: null,
    what: 'Key for `openai-compatible/…` models when they have an address of their own.',
  },
  OPENAI_COMPATIBLE_BASE_URL: {
    group: 'Models',
    kind: webAddress,
    byDefault: null,
    defaultNote: '`OPENAI_BASE_URL`',
    what: 'A server that speaks Chat Completions; `/v1` is added when there is no path.',
  },
  GOOGLE_GENERATIVE_AI_API_KEY: { group: 'Models', kind: secret, byDefault: null, what: 'Key for `google/…` models.' },
  GOOGLE_GENERATIVE_AI_BASE_URL: {
    group: 'Models',
    kind: webAddress,
    byDefault: 'https://generativelanguage.googleapis.com',
    what: 'Where Gemini’s API is; `/v1beta` is added when there is no path.',
  },
  OLLAMA_BASE_URL: {
    group: 'Models',
    kind: webAddress,
    byDefault: 'http://127.0.0.1:11434',
    what: 'Where Ollama is, for `ollama/…` models.',
  },
  OLLAMA_API_KEY: { group: 'Models', kind: secret, byDefault: null, what: 'Key for an Ollama server behind a proxy that wants one.' },
  OLLAMA_CONTEXT_TOKENS: {
    group: 'Models',
    kind: wholeNumber({ min: 2048, max: 2_000_000 }),
    byDefault: '32768',
    what: 'Largest context asked of Ollama; a larger one needs more memory where the model runs.',
  },
  SLIPWAY_FIRST_CHUNK_SECONDS: {
    group: 'Models',
    kind: wholeNumber({ min: 1, max: 3600 }),
    byDefault: '120',
    what: 'A model call without any answer for this long is given up and tried again.',
  },
  SLIPWAY_CHUNK_SECONDS: {
    group: 'Models',
    kind: wholeNumber({ min: 1, max: 3600 }),
    byDefault: '90',
    what: 'A model call that falls silent for this long is given up and tried again.',
  },
  SLIPWAY_CALL_MINUTES: {
    group: 'Models',
    kind: wholeNumber({ min: 1, max: 600 }),
    byDefault: '30',
    what: 'Longest time for one model call as a whole.',
  },

  SLIPWAY_SESSION_BUDGET_USD: {
    group: 'Limits',
    kind: dollars,
    byDefault: '5',
    what: 'What one session may spend on models before it pauses and asks. `0` stops paid models; free and scripted ones go on.',
  },
  SLIPWAY_DAILY_BUDGET_USD: {
    group: 'Limits',
    kind: dollars,
    byDefault: '50',
    what: 'What all sessions together may spend in one day (UTC).',
  },
  SLIPWAY_MAX_STEPS: {
    group: 'Limits',
    kind: wholeNumber({ min: 1, max: 10_000 }),
    byDefault: '150',
    what: 'Model calls in one turn before a person is asked.',
  },
  SLIPWAY_MAX_STAGE_STEPS: {
    group: 'Limits',
    kind: wholeNumber({ min: 1, max: 10_000 }),
    byDefault: '60',
    what: 'Model calls in one stage before the agent is told to move on.',
  },
  SLIPWAY_MAX_TURN_MINUTES: {
    group: 'Limits',
    kind: wholeNumber({ min: 1, max: 10_080 }),
    byDefault: '120',
    what: 'Wall-clock time of one turn; time spent waiting for people does not count.',
  },

  ...serviceVariables,

  SLIPWAY_SANDBOX: {
    group: 'Sandbox',
    kind: oneOf('docker', 'bubblewrap'),
    byDefault: null,
    defaultNote: 'the best that passes its self-test',
    what: 'Backend that every new session uses.',
  },
  SLIPWAY_SANDBOX_IMAGE: {
    group: 'Sandbox',
    kind: text,
    byDefault: 'slipway-sandbox:local',
    what: 'Image of the Docker backend; `deploy/sandbox-image/build` makes the default one.',
  },
  SLIPWAY_DOCKER_RUNTIME: {
    group: 'Sandbox',
    kind: text,
    byDefault: null,
    defaultNote: 'Docker’s default',
    what: 'Container runtime such as `runsc` (gVisor) or `kata`.',
  },
  SLIPWAY_SANDBOX_MEMORY_MB: {
    group: 'Sandbox',
    kind: wholeNumber({ min: 64, max: 1_048_576 }),
    byDefault: '4096',
    what: 'Memory of one sandbox.',
  },
  SLIPWAY_SANDBOX_CPUS: {
    group: 'Sandbox',
    kind: wholeNumber({ min: 1, max: 1024 }),
    byDefault: '2',
    what: 'Processor cores of one sandbox.',
  },
  SLIPWAY_SANDBOX_PROCESSES: {
    group: 'Sandbox',
    kind: wholeNumber({ min: 16, max: 65_536 }),
    byDefault: '512',
    what: 'Processes and threads of one sandbox.',
  },
  SLIPWAY_SANDBOX_DISK_MB: {
    group: 'Sandbox',
    kind: wholeNumber({ min: 64, max: 16_777_216 }),
    byDefault: '10240',
    what: 'Disk space of one sandbox.',
  },
  SLIPWAY_SANDBOX_UID: {
    group: 'Sandbox',
    kind: wholeNumber({ min: 1, max: 0x7fff_ffff }),
    byDefault: '64321',
    what: 'User id that sandboxes have for the host where Slipway runs as root. Give nothing else to it.',
  },
  SLIPWAY_SANDBOX_STATE: {
    group: 'Sandbox',
    kind: text,
    byDefault: null,
    defaultNote: '`/var/lib/slipway` as root, else in `SLIPWAY_HOME`',
    what: 'Folder for the files of sandboxes; where Slipway runs as root, one that the sandbox user can reach.',
  },
  SLIPWAY_UNSAFE_PROCESS_SANDBOX: {
    group: 'Sandbox',
    kind: flag,
    byDefault: '0',
    what: '`1` runs commands without any isolation. For a machine that is itself thrown away; never where anything matters.',
  },
  DOCKER_HOST: { group: 'Sandbox', kind: dockerAddress, byDefault: 'unix:///var/run/docker.sock', what: 'Socket of the Docker daemon.' },

  SLIPWAY_EGRESS_ALLOW: {
    group: 'Network of sandboxes',
    kind: hostPatterns,
    byDefault: null,
    defaultNote: 'nothing',
    what: 'Hosts that commands of the agent and previews may reach, separated by commas; `*.` in front means everything below. A repository cannot add any.',
  },
  SLIPWAY_EGRESS_SETUP_ALLOW: {
    group: 'Network of sandboxes',
    kind: hostPatterns,
    byDefault: null,
    defaultNote: 'the public package registries, and what the repository names',
    what: 'Hosts that may be reached while a repository’s packages are installed, before the model sees the sandbox; counts in place of the registries and of `allow_hosts` in `.slipway/environment.yaml`.',
  },
  SLIPWAY_EGRESS_ALLOW_PRIVATE: {
    group: 'Network of sandboxes',
    kind: hostPorts,
    byDefault: null,
    defaultNote: 'nothing',
    what: '`host:port` pairs, separated by commas, that an allowed host may lead to although the address is private, such as a registry of your own.',
  },
  SLIPWAY_EGRESS_UPLOAD_MB: {
    group: 'Network of sandboxes',
    kind: wholeNumber({ min: 0, max: 1_048_576 }),
    byDefault: '20',
    what: 'What one sandbox may send out in all.',
  },

  SLIPWAY_WORKER_SESSIONS: {
    group: 'Workers',
    kind: wholeNumber({ min: 1, max: 1000 }),
    byDefault: '4',
    what: 'Sessions that one process works on at the same time.',
  },
  SLIPWAY_LEASE_SECONDS: {
    group: 'Workers',
    kind: wholeNumber({ min: 3, max: 600 }),
    byDefault: '15',
    what: 'How long a session stays with a worker that gives no sign of life.',
  },
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables

/** What a variable's text becomes; null when it is neither set nor has a default. */
export type ValueOf<Name extends VariableName> =
  | z.output<(typeof variables)[Name]['kind']>
  | ((typeof variables)[Name]['byDefault'] extends null ? null : never)

export type Values = { [Name in VariableName]: ValueOf<Name> }

/** Read by tests and by scripts of this repository, not by the product. */
export const toolVariables = [
  'SLIPWAY_TEST_DATABASE_URL',
  'SLIPWAY_TEST_SKIP_DOCKER',
  'SLIPWAY_IMAGE_MIRROR',
  'SLIPWAY_IMAGE_SUITE',
  'SLIPWAY_IMAGE_EXTRA',
]
