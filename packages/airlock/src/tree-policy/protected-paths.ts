// Files whose change has an effect beyond the code: on pipelines, on who reviews, on what the next agent is told. A person looks at these.

import { warn } from './ruling.ts'
import type { Ruling } from './ruling.ts'

const groups: { rule: string; message: string; patterns: RegExp[] }[] = [
  {
    rule: 'ci-configuration',
    message: 'This changes what the forge runs by itself, with its secrets.',
    patterns: [
      /^\.github\/(?:workflows|actions)\//,
      /^\.(?:gitea|forgejo)\/workflows\//,
      /^\.gitlab-ci\.ya?ml$/,
      /^\.gitlab\/ci\//,
      /^\.circleci\//,
      /^\.buildkite\//,
      /^\.woodpecker/,
      /^\.(?:travis|drone|cirrus|appveyor)\.ya?ml$/,
      /^azure-pipelines/,
      /^bitbucket-pipelines\.ya?ml$/,
      /(?:^|\/)jenkinsfile$/,
    ],
  },
  {
    rule: 'package-registry',
    message: 'This changes where packages come from, or holds registry credentials.',
    patterns: [
      /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pnpmfile\.c?js|\.pypirc|pip\.conf|\.cargo\/config(?:\.toml)?|\.gemrc|nuget\.config)$/,
    ],
  },
  {
    rule: 'git-settings',
    message: 'This changes which other repositories are fetched together with this one.',
    patterns: [/(?:^|\/)\.gitmodules$/, /(?:^|\/)\.lfsconfig$/],
  },
  {
    rule: 'agent-instructions',
    message: 'This changes what agents are told when they work in this repository.',
    patterns: [
      /(?:^|\/)(?:agents|claude|gemini|copilot-instructions)(?:\.local)?\.md$/,
      /(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules)(?:$|\/)/,
      /(?:^|\/)\.(?:cursor|claude|codex|gemini|agents)\//,
      /(?:^|\/)\.mcp\.json$/,
      /^\.github\/(?:instructions|prompts|agents)\//,
    ],
  },
  {
    rule: 'slipway-settings',
    message: 'This changes how Slipway itself works on this repository: its environment, checks or policy.',
    patterns: [/(?:^|\/)\.slipway\//],
  },
  { rule: 'code-owners', message: 'This changes who has to approve changes.', patterns: [/(?:^|\/)codeowners$/] },
  {
    rule: 'runs-on-developers-machines',
    message: 'This runs commands on the machine of whoever opens or commits to the repository.',
    patterns: [
      /^\.husky\//,
      /^\.githooks\//,
      /^\.pre-commit-config\.ya?ml$/,
      /^\.?lefthook(?:-local)?\.ya?ml$/,
      /^\.vscode\/(?:tasks|launch|settings)\.json$/,
      /^\.devcontainer(?:\/|\.json$)/,
      /^\.envrc$/,
      /^\.idea\/runconfigurations\//,
    ],
  },
]

/** Warnings for a path that was added, changed or removed. Case does not count, as it does not on many systems. */
export function judgeProtectedPath(path: string): Ruling[] {
  const folded = path.toLowerCase()
  return groups
    .filter(({ patterns }) => patterns.some((pattern) => pattern.test(folded)))
    .map(({ rule, message }) => warn(rule, path, `${message} Look at the change before it is published.`))
}

const lifecycleScripts = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish', 'prepack']

/** Warns when a package.json gets or changes a script that npm runs by itself at installation. */
export function judgePackageScripts(path: string, before: string | null, after: string): Ruling[] {
  const [old, now] = [scriptsOf(before ?? '{}'), scriptsOf(after)]
  const changed = lifecycleScripts.filter((name) => now[name] !== undefined && now[name] !== old[name])
  if (changed.length === 0) return []
  return [
    warn(
      'install-script',
      path,
      `The ${changed.join(', ')} script runs on every machine that installs this package. Look at the change before it is published.`,
    ),
  ]
}

export function scriptsOf(text: string): Record<string, unknown> {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown }
    return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
