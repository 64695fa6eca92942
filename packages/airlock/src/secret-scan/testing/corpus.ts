// Made-up secrets of many kinds, and texts that only look like ones. Everything is drawn when a test runs, so that no secret-shaped text is stored.

import { createHash } from 'node:crypto'

export interface Draw {
  /** That many characters of a set. */
  (set: keyof typeof sets, length: number): string
}

const sets = {
  hex: '0123456789abcdef',
  digit: '0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  alnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  password: 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!*-_',
}

/** The same seed draws the same texts. */
export function drawFrom(seed: number): Draw {
  let counter = 0
  let pool = Buffer.alloc(0)
  return (set, length) => {
    let text = ''
    while (text.length < length) {
      if (pool.length === 0) pool = createHash('sha512').update(`${seed}:${counter++}`).digest()
      const characters = sets[set]
      text += characters[(pool[0] ?? 0) % characters.length]
      pool = pool.subarray(1)
    }
    return text
  }
}

const uuid = (draw: Draw) => [8, 4, 4, 4, 12].map((length) => draw('hex', length)).join('-')
const jwt = (draw: Draw) =>
  [`{"alg":"HS256","typ":"JWT"}`, `{"sub":"${draw('lower', 12)}","role":"service"}`]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.') + `.${draw('url', 43)}`
const j = (...parts: string[]) => parts.join('')

/** Kind, and how one looks. Prefixes are put together here, so that this file holds no whole one. */
export const planted: [kind: string, make: (draw: Draw) => string][] = [
  ['aws key id', (d) => j('AK', 'IA', d('base32', 16))],
  ['aws secret', (d) => `aws_secret_access_key = ${d('base64', 40)}`],
  ['aws session', (d) => `aws_session_token=${d('base64', 180)}`],
  ['google key', (d) => j('AI', 'za', d('url', 34), 'x')],
  ['google secret', (d) => j('GOC', 'SPX-', d('url', 27), 'x')],
  ['google access', (d) => j('ya', '29.', d('url', 60))],
  ['google service account', (d) => `"private_key_id": "${d('hex', 40)}"`],
  ['azure storage', (d) => j('Account', 'Key=', d('base64', 86), '==')],
  ['azure client', (d) => j(d('alnum', 3), '8', 'Q~', d('alnum', 34))],
  ['azure bus', (d) => j('SharedAccess', 'Key=', d('base64', 43), '=')],
  ['digitalocean', (d) => j('dop', '_v1_', d('hex', 64))],
  ['alibaba', (d) => j('LT', 'AI', d('alnum', 20))],
  ['tencent', (d) => j('AK', 'ID', d('alnum', 32))],
  ['heroku', (d) => `HEROKU_API_KEY=${uuid(d)}`],
  ['cloudflare', (d) => `CLOUDFLARE_API_TOKEN: ${d('alnum', 40)}`],
  ['fly', (d) => j('fo1', '_', d('alnum', 43))],
  ['netlify', (d) => j('nf', 'p_', d('alnum', 36))],
  ['render', (d) => j('rn', 'd_', d('alnum', 32))],
  ['supabase', (d) => j('sb', 'p_', d('hex', 40))],
  ['planetscale', (d) => j('pscale', '_pw_', d('alnum', 43))],
  ['neon', (d) => j('na', 'pi_', d('lower', 64))],
  ['databricks', (d) => j('da', 'pi', d('hex', 32))],
  ['vault', (d) => j('hv', 's.', d('alnum', 90))],
  ['terraform', (d) => j(d('alnum', 14), '.atlas', 'v1.', d('alnum', 67))],
  ['pulumi', (d) => j('pu', 'l-', d('hex', 40))],
  ['doppler', (d) => j('dp.', 'pt.', d('alnum', 43))],
  ['tailscale', (d) => j('ts', 'key-auth-', d('alnum', 12), '-', d('alnum', 32))],
  ['github', (d) => j('gh', 'p_', d('alnum', 36))],
  ['github app', (d) => j('gh', 's_', d('alnum', 36))],
  ['github fine', (d) => j('github', '_pat_', d('alnum', 22), '_', d('alnum', 59))],
  ['gitlab', (d) => j('gl', 'pat-', d('alnum', 20))],
  ['gitlab runner', (d) => j('gl', 'rt-', d('alnum', 20))],
  ['bitbucket', (d) => j('AT', 'BB', d('alnum', 32))],
  ['atlassian', (d) => j('ATA', 'TT3', d('alnum', 180))],
  ['npm', (d) => j('np', 'm_', d('alnum', 36))],
  ['npm login', (d) => `//registry.example.net/:_authToken=${uuid(d)}`],
  ['pypi', (d) => j('py', 'pi-', d('alnum', 160))],
  ['rubygems', (d) => j('ruby', 'gems_', d('hex', 48))],
  ['docker', (d) => j('dc', 'kr_pat_', d('alnum', 27))],
  ['docker login', (d) => `"auth": "${Buffer.from(`bob:${d('password', 14)}`).toString('base64')}"`],
  ['artifactory', (d) => j('AK', 'Cp', d('alnum', 69))],
  ['circleci', (d) => j('CCI', 'PAT_', d('alnum', 22), '_', d('hex', 40))],
  ['sonar', (d) => j('sq', 'p_', d('hex', 40))],
  ['snyk', (d) => `SNYK_TOKEN="${uuid(d)}"`],
  ['sourcegraph', (d) => j('sg', 'p_', d('hex', 40))],
  ['postman', (d) => j('PM', 'AK-', d('hex', 24), '-', d('hex', 34))],
  ['anthropic', (d) => j('sk-', 'ant-api03-', d('alnum', 93), 'AA')],
  ['openai', (d) => j('sk-', 'proj-', d('alnum', 120))],
  ['openai old', (d) => j('sk-', d('alnum', 20), 'T3Blbk', 'FJ', d('alnum', 20))],
  ['openrouter', (d) => j('sk-', 'or-v1-', d('hex', 64))],
  ['hugging face', (d) => j('h', 'f_', d('alnum', 34))],
  ['replicate', (d) => j('r', '8_', d('alnum', 37))],
  ['groq', (d) => j('gs', 'k_', d('alnum', 52))],
  ['perplexity', (d) => j('pp', 'lx-', d('alnum', 48))],
  ['xai', (d) => j('xa', 'i-', d('alnum', 80))],
  ['nvidia', (d) => j('nv', 'api-', d('alnum', 64))],
  ['langsmith', (d) => j('ls', 'v2_pt_', d('hex', 32), '_', d('hex', 10))],
  ['pinecone', (d) => j('pc', 'sk_', d('alnum', 68))],
  ['stripe', (d) => j('sk', '_live_', d('alnum', 24))],
  ['stripe restricted', (d) => j('rk', '_live_', d('alnum', 99))],
  ['webhook secret', (d) => j('wh', 'sec_', d('alnum', 32))],
  ['square', (d) => j('sq0', 'csp-', d('alnum', 43))],
  ['shopify', (d) => j('shp', 'at_', d('hex', 32))],
  ['slack bot', (d) => j('xo', 'xb-', d('digit', 12), '-', d('digit', 13), '-', d('alnum', 24))],
  ['slack hook', (d) => j('https://hooks.', 'slack.com/services/T', d('upper', 8), '/B', d('upper', 8), '/', d('alnum', 24))],
  ['slack app', (d) => j('xa', 'pp-1-A', d('upper', 10), '-', d('digit', 13), '-', d('hex', 64))],
  ['discord hook', (d) => j('https://discord.com/api/', 'webhooks/', d('digit', 18), '/', d('alnum', 68))],
  ['discord bot', (d) => `discord: ${j('M', d('alnum', 25), '.', d('alnum', 6), '.', d('alnum', 38))}`],
  ['telegram', (d) => j('1', d('digit', 9), ':', 'AA', d('alnum', 33))],
  ['twilio', (d) => j('S', 'K', d('hex', 32))],
  ['twilio auth', (d) => `TWILIO_AUTH_TOKEN=${d('hex', 32)}`],
  ['sendgrid', (d) => j('S', 'G.', d('alnum', 22), '.', d('alnum', 43))],
  ['mailgun', (d) => j('ke', 'y-', d('hex', 32))],
  ['mailchimp', (d) => j(d('hex', 32), '-u', 's21')],
  ['brevo', (d) => j('xkey', 'sib-', d('hex', 64), '-', d('alnum', 16))],
  ['linear', (d) => j('lin', '_api_', d('alnum', 40))],
  ['notion', (d) => j('nt', 'n_', d('alnum', 46))],
  ['airtable', (d) => j('pa', 't', d('alnum', 14), '.', d('hex', 64))],
  ['figma', (d) => j('fi', 'gd_', d('alnum', 40))],
  ['dropbox', (d) => j('s', 'l.', d('alnum', 140))],
  ['hubspot', (d) => j('pat', '-na1-', uuid(d))],
  ['datadog', (d) => `DD_API_KEY=${d('hex', 32)}`],
  ['new relic', (d) => j('NR', 'AK-', d('upper', 27))],
  ['grafana', (d) => j('gl', 'sa_', d('alnum', 32), '_', d('hex', 8))],
  ['sentry', (d) => j('sn', 'tryu_', d('hex', 64))],
  ['dynatrace', (d) => j('dt0', 'c01.', d('base32', 24), '.', d('base32', 64))],
  ['algolia', (d) => `ALGOLIA_ADMIN_KEY = '${d('hex', 32)}'`],
  ['okta', (d) => `okta_api_token: ${j('00', d('alnum', 40))}`],
  ['private key', (d) => j('-----BEGIN RSA ', 'PRIVATE KEY-----\n', d('base64', 64), '\n', d('base64', 64), '\n-----END')],
  ['openssh key', (d) => j('-----BEGIN OPENSSH ', 'PRIVATE KEY-----\n', d('base64', 70), '\n')],
  ['key in one line', (d) => j('"-----BEGIN ', 'PRIVATE KEY-----\\n', d('base64', 64), '\\n"')],
  ['age', (d) => j('AGE-SECRET', '-KEY-1', d('upper', 58))],
  ['jwt', jwt],
  ['database url', (d) => `postgres://app:${d('password', 18)}@db.internal:5432/app`],
  ['mongo url', (d) => `mongodb+srv://app:${d('alnum', 16)}@cluster0.abcde.mongodb.net`],
  ['basic url', (d) => `https://deploy:${d('alnum', 20)}@git.internal/x.git`],
  ['connection string', (d) => `Server=db;Database=x;User Id=sa;Password=${d('password', 16)};`],
  ['bearer', (d) => `Authorization: Bearer ${d('alnum', 40)}`],
  ['netrc', (d) => `machine git.internal login bob password ${d('alnum', 20)}`],
  ['generic token', (d) => `const apiToken = "${d('alnum', 32)}"`],
  ['generic password', (d) => `"password": "${d('password', 16)}"`],
  ['generic env', (d) => `SESSION_SECRET=${d('alnum', 40)}`],
  ['generic yaml', (d) => `client_secret: ${d('alnum', 32)}`],
  ['generic xml', (d) => `<apiKey>${d('alnum', 32)}</apiKey>`],
  ['django', (d) => `SECRET_KEY = '${d('hex', 64)}'`],
]

/** Lines that must stay silent. */
export function decoyLines(draw: Draw): string[] {
  return [
    `"integrity": "sha512-${draw('base64', 86)}=="`,
    `resolved "https://packages.example.org/x/-/x-1.0.0.tgz#${draw('hex', 40)}"`,
    `commit ${draw('hex', 40)}`,
    `sha256:${draw('hex', 64)}`,
    `id: ${uuid(draw)}`,
    `const passwordHash = "${draw('hex', 64)}"`,
    `token_type: bearer`,
    `"tokenUrl": "https://auth.example.com/oauth/token/v2/authorize"`,
    `const token = process.env.GITHUB_TOKEN`,
    'password: ${{ secrets.DEPLOY_PASSWORD }}',
    'apiKey: "<your-api-key>"',
    'API_KEY=your_api_key_goes_here',
    `password = "changeme"`,
    `postgres://postgres:postgres@localhost:5432/app`,
    'postgres://user:password@host:5432/db',
    'mysql://root:${MYSQL_PASSWORD}@db/x',
    `AWS_ACCESS_KEY_ID=${['AK', 'IAIOSFODNN7', 'EXAMPLE'].join('')}`,
    `secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"`,
    `import { tokenizeExpression } from './token/tokenize-expression.ts'`,
    `const secretName = 'projects/my-project/secrets/database-password'`,
    `passwordField.getAttribute("data-password-label")`,
    `export const TOKEN_EXPIRY_SECONDS = 3600`,
    `<input type="password" name="current-password" autocomplete="current-password">`,
    `maxTokens: 100000, tokenLimit: 8192, accessKeyPattern: /^[A-Z0-9]{20}$/`,
    `keyPrefix: "session:user:"`,
    `"accessKey": "accessKeyAttributeName"`,
    `data:image/png;base64,${draw('base64', 400)}`,
    `const key = "user.preferences.notifications.email"`,
    `token = get_token(request.headers["authorization"])`,
    `if (password !== confirmPassword) throw new PasswordMismatchError()`,
    `Authorization: Bearer <token>`,
    `Authorization: Bearer $TOKEN`,
    `'-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----'`,
    `expect(token).toMatch(/^[A-Za-z0-9]{40}$/)`,
    `sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `${['gh', 'p_'].join('')}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'`,
    `h1:${draw('base64', 43)}=`,
    `"publicKey": "${draw('base64', 44)}"`,
    `etag: "${draw('hex', 32)}"`,
    `token: vault:secret/data/app#token`,
    `arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf`,
    `git+https://github.com/owner/repository.git#${draw('hex', 40)}`,
    `const PASSWORD_RESET_TEMPLATE = "password-reset-request"`,
    `SECRET_NAME: database-credentials-v2`,
    `accessToken: string; refreshToken: string | null`,
    `credentials: "same-origin"`,
    `credentials: 'include'`,
    `pwd=$(pwd)`,
    `token=$(cat /run/secrets/token)`,
    `{"type":"tool_use","id":"toolu_01A09q90qw90lq917835lq9"}`.replace(/toolu.*?"/, `call_1"`),
  ]
}
