// The variables of the services that people connect: forges, Notion, Vercel.

import { privateKey, secret, serviceAddress, text, wholeNumber } from './kinds.ts'
import type { Variable } from './variables.ts'

const FOR_FIRST_ADMINISTRATOR = 'Used for the command line and the first administrator; others connect an account of their own.'
const callback = (provider: string): string => `\`<public address>/api/integrations/${provider}/callback\``
const webhook = (provider: string): string => `\`<public address>/api/webhooks/${provider}\``

export const serviceVariables = {
  GITHUB_TOKEN: {
    group: 'Forges',
    kind: secret,
    byDefault: null,
    what: `Token that may push branches and open pull requests. It stays in the server; no sandbox and no model sees it. ${FOR_FIRST_ADMINISTRATOR}`,
  },
  GITHUB_URL: {
    group: 'Forges',
    kind: serviceAddress,
    byDefault: 'https://github.com',
    what: 'GitHub’s web address; repositories below it are published as pull requests.',
  },
  GITHUB_API_URL: {
    group: 'Forges',
    kind: serviceAddress,
    byDefault: 'https://api.github.com',
    what: 'GitHub’s API; on a company’s own server usually `https://HOST/api/v3`.',
  },
  GITHUB_CLIENT_ID: {
    group: 'Forges',
    kind: text,
    byDefault: null,
    what: `Lets people connect GitHub without making a token: of an OAuth app, or of the GitHub App of \`GITHUB_APP_ID\`. Its callback address is ${callback('github')}. By itself it is enough for \`slipway connections add github\`, when the device flow is allowed to it; in the browser it needs \`GITHUB_CLIENT_SECRET\`.`,
  },
  GITHUB_CLIENT_SECRET: { group: 'Forges', kind: secret, byDefault: null, what: 'Belongs to `GITHUB_CLIENT_ID`.' },
  GITHUB_APP_ID: {
    group: 'Forges',
    kind: wholeNumber({ min: 1, max: 999_999_999_999 }),
    byDefault: null,
    what: 'A GitHub App, which is better than tokens: each push uses a token of its own for that repository, good for one hour. Needs `GITHUB_APP_PRIVATE_KEY`, and the repository permissions Contents, Pull requests and Workflows (read and write), Checks and Issues.',
  },
  GITHUB_APP_PRIVATE_KEY: {
    group: 'Forges',
    kind: privateKey,
    byDefault: null,
    what: 'Belongs to `GITHUB_APP_ID`: the text of the `.pem` file, with line ends or with `\\n` in their place, or the whole in base64.',
  },
  GITHUB_APP_WEBHOOK_SECRET: {
    group: 'Forges',
    kind: secret,
    byDefault: null,
    what: `The secret of a GitHub App’s webhook, or of a repository’s, that delivers to ${webhook('github')}: events of issues, comments, pull requests, reviews and checks, as JSON. Without it deliveries are refused, and change requests are looked at from time to time only.`,
  },
  GITLAB_TOKEN: {
    group: 'Forges',
    kind: secret,
    byDefault: null,
    what: `Token with the scope \`api\`. ${FOR_FIRST_ADMINISTRATOR}`,
  },
  GITLAB_URL: {
    group: 'Forges',
    kind: serviceAddress,
    byDefault: 'https://gitlab.com',
    what: 'GitLab’s web address, with the path when it lies below one, such as `https://example.org/gitlab`. Its API is below it.',
  },
  GITLAB_CLIENT_ID: {
    group: 'Forges',
    kind: text,
    byDefault: null,
    what: `An application on that GitLab with the scope \`api\`; lets people connect without making a token. Needs \`GITLAB_CLIENT_SECRET\`. Its callback address is ${callback('gitlab')}.`,
  },
  GITLAB_CLIENT_SECRET: { group: 'Forges', kind: secret, byDefault: null, what: 'Belongs to `GITLAB_CLIENT_ID`.' },

  GITLAB_WEBHOOK_SECRET: {
    group: 'Forges',
    kind: secret,
    byDefault: null,
    what: `The secret token of a GitLab webhook that delivers to ${webhook('gitlab')}: issues, comments, merge requests, pipelines. One that begins with \`whsec_\` is a signing token, and deliveries must be signed with it.`,
  },
  SLIPWAY_FOLLOW_SECONDS: {
    group: 'Forges',
    kind: wholeNumber({ min: 1, max: 86_400 }),
    byDefault: '60',
    what: 'How often the checks and comments of an open change request are looked at when no webhook tells of them; less often as it grows old.',
  },

  NOTION_TOKEN: {
    group: 'Notion and Vercel',
    kind: secret,
    byDefault: null,
    what: `Token of an internal integration of a Notion workspace. ${FOR_FIRST_ADMINISTRATOR}`,
  },
  NOTION_API_URL: {
    group: 'Notion and Vercel',
    kind: serviceAddress,
    byDefault: 'https://api.notion.com',
    what: 'Notion’s API, where people are sent to connect, too.',
  },
  NOTION_CLIENT_ID: {
    group: 'Notion and Vercel',
    kind: text,
    byDefault: null,
    what: `A public integration; lets people connect Notion without making a token. Needs \`NOTION_CLIENT_SECRET\`. Its redirect address is ${callback('notion')}.`,
  },
  NOTION_CLIENT_SECRET: { group: 'Notion and Vercel', kind: secret, byDefault: null, what: 'Belongs to `NOTION_CLIENT_ID`.' },
  SLIPWAY_NOTION_POLL_SECONDS: {
    group: 'Notion and Vercel',
    kind: wholeNumber({ min: 1, max: 86_400 }),
    byDefault: '30',
    what: 'How long a connected database of Notion, or the comments on one of its pages, rest between two looks.',
  },
  NOTION_WEBHOOK_SECRET: {
    group: 'Notion and Vercel',
    kind: secret,
    byDefault: null,
    what: `The verification token that Notion sends once to ${webhook('notion')} when a webhook is set up there. While this is not set it is kept in the file \`notion-verification-token\` of the home folder: enter it in Notion and here.`,
  },
  VERCEL_TOKEN: {
    group: 'Notion and Vercel',
    kind: secret,
    byDefault: null,
    what: `Token that may deploy. ${FOR_FIRST_ADMINISTRATOR}`,
  },
  VERCEL_TEAM_ID: {
    group: 'Notion and Vercel',
    kind: text,
    byDefault: null,
    defaultNote: 'what Vercel takes by itself',
    what: 'The team whose projects `VERCEL_TOKEN` is used for, when it reaches several. Accounts that people connect choose theirs in Settings → Connections.',
  },
  VERCEL_WEBHOOK_SECRET: {
    group: 'Notion and Vercel',
    kind: secret,
    byDefault: null,
    what: `The secret that Vercel shows when a webhook to ${webhook('vercel')} is made there; of an integration’s webhook, its client secret. Without it deployments are only asked for every few seconds.`,
  },
  VERCEL_URL: {
    group: 'Notion and Vercel',
    kind: serviceAddress,
    byDefault: 'https://vercel.com',
    what: 'Vercel’s web address, where people are sent to connect.',
  },
  VERCEL_API_URL: { group: 'Notion and Vercel', kind: serviceAddress, byDefault: 'https://api.vercel.com', what: 'Vercel’s API.' },
  VERCEL_CLIENT_ID: {
    group: 'Notion and Vercel',
    kind: text,
    byDefault: null,
    what: `An integration; lets people connect Vercel without making a token. Needs \`VERCEL_CLIENT_SECRET\` and \`VERCEL_INTEGRATION\`. Its redirect address is ${callback('vercel')}.`,
  },
  VERCEL_CLIENT_SECRET: { group: 'Notion and Vercel', kind: secret, byDefault: null, what: 'Belongs to `VERCEL_CLIENT_ID`.' },
  VERCEL_INTEGRATION: {
    group: 'Notion and Vercel',
    kind: text,
    byDefault: null,
    what: 'The integration’s name in the address of its page, `<Vercel>/integrations/<name>`.',
  },
} as const satisfies Record<string, Variable>
