// Whole files that are full of random-looking text and hold no secret.

import { createHash } from 'node:crypto'
import type { Carried } from './carriers.ts'
import type { Draw } from './corpus.ts'

const sha = (text: string, form: 'hex' | 'base64', kind = 'sha512') => createHash(kind).update(text).digest(form)
const uuid = (d: Draw) => [8, 4, 4, 4, 12].map((length) => d('hex', length)).join('-')
const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n')
const name = (d: Draw) => ['session', 'cart', 'user', 'order', 'invoice'][d('digit', 1).charCodeAt(0) % 5] ?? 'item'

export const decoyFiles: ((draw: Draw, id: string) => Carried)[] = [
  (d, id) => ({
    path: `web/${id}/package-lock.json`,
    text: JSON.stringify({
      lockfileVersion: 3,
      packages: Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [
          `node_modules/jwt-token-${index}`,
          { version: '1.0.0', integrity: `sha512-${sha(d('hex', 8), 'base64')}` },
        ]),
      ),
    }),
  }),
  (d, id) => ({
    path: `${id}/yarn.lock`,
    text: lines(20, (i) => `"secret-stack@^${i}":\n  version "1.0.${i}"\n  integrity sha512-${sha(d('hex', 8), 'base64')}`),
  }),
  (d, id) => ({
    path: `${id}/go.sum`,
    text: lines(20, (i) => `example.org/token/v${i} v1.${i}.0 h1:${sha(d('hex', 8), 'base64', 'sha256')}`),
  }),
  (d, id) => ({
    path: `${id}/Cargo.lock`,
    text: lines(10, (i) => `[[package]]\nname = "key-${i}"\nversion = "1.0.0"\nchecksum = "${d('hex', 64)}"`),
  }),
  (d, id) => ({ path: `${id}/requirements.txt`, text: lines(10, (i) => `cryptography==4${i}.0 \\\n    --hash=sha256:${d('hex', 64)}`) }),
  (d, id) => ({ path: `src/${id}-ids.ts`, text: lines(20, () => `export const id = '${uuid(d)}'`) }),
  (d, id) => ({
    path: `test/${id}.json`,
    text: JSON.stringify(Array.from({ length: 10 }, () => ({ id: uuid(d), sessionKey: name(d), etag: d('hex', 32) }))),
  }),
  (d, id) => ({ path: `docs/${id}-log.md`, text: lines(10, (i) => `- ${d('hex', 40)} fix(auth): rotate the token of step ${i}`) }),
  (d, id) => ({
    path: `assets/${id}.css`,
    text: `.logo{background:url(data:image/png;base64,${d('base64', 2_000)})}\n.a${d('lower', 6)}__token{color:#${d('hex', 6)}}`,
  }),
  (d, id) => ({ path: `assets/${id}.svg`, text: `<svg><path d="M${lines(40, () => `${d('digit', 2)}.${d('digit', 3)} `)}"/></svg>` }),
  (d, id) => ({
    path: `dist/${id}.min.js`,
    text: `!function(e,t){var n="use strict",r={key:function(e){return e.token||t.secret(e)}};${lines(60, () => `function ${d('lower', 3)}(a,b){return a.password===b?c(a.key,"${d('lower', 6)}"):d}`).replaceAll('\n', '')}}(window);`,
  }),
  (d, id) => ({
    path: `dist/${id}.js.map`,
    text: JSON.stringify({ version: 3, sources: ['token.ts'], mappings: `AAAA,${d('alnum', 4_000).replace(/.{4}/g, '$&;')}` }),
  }),
  (d, id) => ({
    path: `certs/${id}.pem`,
    text: `-----BEGIN CERTIFICATE-----\n${lines(12, () => d('base64', 64))}\n-----END CERTIFICATE-----\n`,
  }),
  (d, id) => ({
    path: `certs/${id}.pub`,
    text: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${d('base64', 43)} bob@host\n-----BEGIN PUBLIC KEY-----\n${d('base64', 64)}\n-----END PUBLIC KEY-----`,
  }),
  (d, id) => ({
    path: `locales/${id}.json`,
    text: JSON.stringify({
      'login.password.label': 'Passwort',
      'login.secret.hint': 'Dein geheimes Wort',
      'token.expired': 'Das Zeichen ist abgelaufen.',
      build: d('hex', 8),
    }),
  }),
  (_, id) => ({
    path: `locales/${id}.po`,
    text: 'msgid "password"\nmsgstr "mot-de-passe-oublie-2026"\n\nmsgid "api key"\nmsgstr "cle-de-l-interface-de-programmation"\n',
  }),
  (_, id) => ({
    path: `docs/${id}.md`,
    text: 'Set `API_KEY=<your key>` and `PASSWORD=changeme`, or\n\n    export TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n    curl -H "Authorization: Bearer $TOKEN" -u user:password https://host\n',
  }),
  (_, id) => ({
    path: `${id}/.env.example`,
    text: 'DATABASE_URL=postgres://user:password@localhost:5432/app\nSECRET_KEY=replace-me-with-32-random-characters\nSTRIPE_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx\n',
  }),
  (d, id) => ({
    path: `test/fixtures/${id}.yaml`,
    text: `user:\n  password: hunter2\n  token: fake-token-${d('digit', 3)}\n  apiKey: test-api-key\n  id: ${uuid(d)}\n`,
  }),
  (_, id) => ({
    path: `${id}/compose.yaml`,
    text: 'services:\n  db:\n    image: postgres:15\n    environment:\n      POSTGRES_PASSWORD: postgres\n      SECRET: ${SECRET:?set it}\n      TOKEN_FILE: /run/secrets/token\n',
  }),
  (_, id) => ({
    path: `.github/workflows/${id}.yml`,
    text:
      'jobs:\n  x:\n    steps:\n      - run: make\n        env:\n          TOKEN: ${{ secrets.TOKEN }}\n          API_KEY: ${{ vars.API_KEY_NAME }}\n        uses: actions/checkout@' +
      'a1b2c3d4e5'.repeat(4) +
      '\n',
  }),
  (d, id) => ({
    path: `infra/${id}.tf`,
    text: `resource "aws_secretsmanager_secret" "db" {\n  name = "prod/db/password"\n  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/${uuid(d)}"\n}\nvariable "api_token" { sensitive = true }\npassword = var.database_password\n`,
  }),
  (d, id) => ({
    path: `k8s/${id}.yaml`,
    text: `spec:\n  containers:\n    - image: app@sha256:${d('hex', 64)}\n      env:\n        - name: PASSWORD\n          valueFrom:\n            secretKeyRef: { name: db-credentials, key: password }\n`,
  }),
  (d, id) => ({
    path: `src/${id}.ts`,
    text: `export async function token(request: Request): Promise<string> {\n  const secret = await vault.read('secret/data/app')\n  const key = cache.get(\`token:\${request.id}\`)\n  return sign({ key, secret, kid: '${d('hex', 8)}' })\n}\nconst cacheKey = 'v2:${name(d)}:settings'\n`,
  }),
  (_, id) => ({
    path: `app/${id}.py`,
    text: 'password = getpass.getpass("Password: ")\ntoken = os.environ["API_TOKEN"]\nSECRET_KEY = env("SECRET_KEY", default="django-insecure-change-me")\nif not check_password(password, user.password_hash):\n    raise InvalidTokenError("token-expired-or-revoked")\n',
  }),
  (d, id) => ({
    path: `db/${id}.sql`,
    text: `CREATE TABLE tokens (id uuid PRIMARY KEY, secret_hash bytea, api_key_id text);\nINSERT INTO users (id, password_hash) VALUES ('${uuid(d)}', '$2b$10$${d('alnum', 53)}');\n`,
  }),
  (d, id) => ({
    path: `api/${id}.yaml`,
    text: `components:\n  securitySchemes:\n    apiKey: { type: apiKey, in: header, name: X-Api-Key }\n  examples:\n    token: { value: '${'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'}.${Buffer.from('{"sub":"1234567890","name":"John Doe"}').toString('base64url')}.${d('url', 43)}' }\n`,
  }),
  (d, id) => ({
    path: `${id}/index.html`,
    text: `<script src="a.js" integrity="sha384-${d('base64', 64)}" crossorigin="anonymous"></script>\n<input type="hidden" name="csrf_token_name" value="authenticity-token">\n<link href="style.${d('hex', 20)}.css">\n`,
  }),
  (d, id) => ({
    path: `.gitmodules-${id}`,
    text: `[submodule "vendor/secret"]\n\turl = https://github.com/acme/secret.git\n# pinned ${d('hex', 40)} ${d('hex', 40)}\n`,
  }),
  (d, id) => ({
    path: `docs/${id}.rst`,
    text: `Keys look like ${'AK'}${'IA'}IOSFODNN7EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.\n\nMD5: ${d('hex', 32)}\nSHA256 (release.tar.gz) = ${d('hex', 64)}\n`,
  }),
  (d, id) => ({
    path: `test/__snapshots__/${id}.snap`,
    text: `exports[\`token 1\`] = \`\n<Button key="save-${d('digit', 2)}" className="css-${d('lower', 7)}" data-testid="password-${name(d)}">\n\`;\n`,
  }),
  (d, id) => ({ path: `data/${id}.csv`, text: `id,key,hash\n${lines(12, () => `${uuid(d)},${name(d)},${d('hex', 64)}`)}` }),
  (d, id) => ({
    path: `src/${id}.proto`,
    text: `message Token {\n  string access_token = 1;\n  string refresh_token = 2; // ${d('hex', 7)}\n  bytes key = 3;\n}\n`,
  }),
  (d, id) => ({
    path: `app/google-${id}.json`,
    text: JSON.stringify({
      project_number: d('digit', 12),
      client_id: `${d('digit', 12)}.apps.example.net`,
      measurementId: `G-${d('upper', 10)}`,
    }),
  }),
  (d, id) => ({
    path: `flake-${id}/flake.lock`,
    text: JSON.stringify({ nodes: { token: { locked: { narHash: `sha256-${d('base64', 43)}=`, rev: d('hex', 40) } } } }),
  }),
]
