// Files in which a secret usually lies, as people write them. `value` is a bare secret, `line` one that comes with its name.

import type { Draw } from './corpus.ts'

export interface Carried {
  path: string
  text: string
}

type Carrier = (secret: string, draw: Draw) => Carried

/** Makes a name unique, since every secret gets a file of its own. */
const at = (path: string, draw: Draw) => path.replace('*', draw('lower', 10))

const code = (path: string, before: string, after: string): Carrier => {
  return (secret, draw) => ({ path: at(path, draw), text: `${before}${secret}${after}` })
}

/** For bare values; none of the names says what kind it is. */
export const valueCarriers: Carrier[] = [
  code(
    'src/*.ts',
    `import { connect } from './connect.ts'\n\nexport const service = connect({\n  region: 'eu',\n  credential: '`,
    `',\n})\n`,
  ),
  code('app/*.py', 'import os\n\nclass Settings:\n    debug = False\n    service = "', '"\n    timeout = 30\n'),
  code('deploy/*.yaml', 'service:\n  replicas: 3\n  credential: ', '\n  port: 8080\n'),
  code('config/*.env', '# settings\nDEBUG=false\nSERVICE=', '\nPORT=3000\n'),
  code('infra/*.tf', 'provider "service" {\n  region = "eu-west-1"\n  value  = "', '"\n}\n'),
  code('docker/*/Dockerfile', 'FROM node:24\nWORKDIR /app\nENV SERVICE=', '\nCOPY . .\nCMD ["node", "main.js"]\n'),
  code('data/*.json', '{\n  "name": "service",\n  "value": "', '",\n  "enabled": true\n}\n'),
  code('conf/*.properties', 'app.name=service\napp.value=', '\napp.port=8080\n'),
  code('bin/*.sh', '#!/bin/sh\nset -eu\nexport SERVICE="', '"\nexec ./run "$@"\n'),
  code(
    'k8s/*.yaml',
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: service\ntype: Opaque\nstringData:\n  value: ',
    '\n---\nkind: Service\n',
  ),
  (secret, draw) => ({
    path: at('notebooks/*.ipynb', draw),
    text: JSON.stringify({
      cells: [{ cell_type: 'code', outputs: [], source: ['import client\n', `c = client.open("${secret}")\n`] }],
      nbformat: 4,
    }),
  }),
  code(
    '.github/workflows/*.yml',
    'on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          SERVICE: ',
    '\n',
  ),
  code('docs/*.md', '# Setting up\n\nUse this one until the new one is here: `', '`.\n\nThen restart.\n'),
  code('db/*.sql', "INSERT INTO settings (name, value) VALUES ('service', '", "');\nCOMMIT;\n"),
  code('internal/*.go', 'package internal\n\nconst (\n\tregion = "eu"\n\tservice = "', '"\n)\n'),
  code(
    'src/main/java/*.java',
    'package app;\n\npublic final class Service {\n    private static final String VALUE = "',
    '";\n    private Service() {}\n}\n',
  ),
  code('src/*.rs', 'use crate::client;\n\npub fn open() -> client::Client {\n    client::Client::new("', '")\n}\n'),
  code('lib/*.rb', "# frozen_string_literal: true\n\nService.configure do |config|\n  config.value = '", "'\nend\n"),
  code('public/*.php', "<?php\n\nreturn [\n    'region' => 'eu',\n    'value' => '", "',\n];\n"),
  code('src/*.cs', 'namespace App;\n\npublic static class Service\n{\n    public const string Value = @"', '";\n}\n'),
  code('test/*.test.js', "test('it connects', async () => {\n  const client = await connect(`", '`)\n  expect(client).toBeDefined()\n})\n'),
  code('logs/*.log', '2026-03-01T10:00:00Z INFO request id=1\n2026-03-01T10:00:01Z DEBUG sending ', ' to upstream\n'),
  code('src/*.xml', '<?xml version="1.0"?>\n<settings>\n  <entry name="service">', '</entry>\n</settings>\n'),
  code('*.toml', '[service]\nregion = "eu"\nvalue = """', '"""\n'),
]

/** For lines that bring a name along, in a syntax of their own. */
export const lineCarriers: Carrier[] = [
  code('notes/*.txt', 'For the record:\n\n', '\n\nAsk Bob before it is changed.\n'),
  code('config/*.conf', '# service\n\n', '\n\n# end\n'),
  code('docs/*.md', '# Setting up\n\n```\n', '\n```\n\nThen restart.\n'),
  code('src/*.js', "import './polyfill.js'\n\n", '\n\nexport default {}\n'),
  code('patches/*.patch', '--- a/settings\n+++ b/settings\n@@ -1,2 +1,3 @@\n line\n+', '\n line\n'),
]
