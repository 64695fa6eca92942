// Credentials that are known by their shape. A first net before the airlock's scan, quick enough for every commit.

const shapes: { kind: string; pattern: RegExp }[] = [
  { kind: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=]{16}/ },
  { kind: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b/ },
  { kind: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}\b/ },
  { kind: 'an Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9]{2,10}-[A-Za-z0-9_-]{40,}/ },
  { kind: 'an OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}/ },
  { kind: 'a Google key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { kind: 'an AWS key id', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { kind: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{20,}/ },
  { kind: 'a Notion token', pattern: /\b(?:ntn|secret)_[A-Za-z0-9]{43,}\b/ },
  { kind: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
]

/** Letters and digits of a credential are mixed; a placeholder repeats one character or a word. */
const FEWEST_DIFFERENT_CHARACTERS = 10

export function findSecrets(text: string): { line: number; kind: string }[] {
  return shapes.flatMap(({ kind, pattern }) => {
    const found = pattern.exec(text)
    if (found === null || new Set(found[0]).size < FEWEST_DIFFERENT_CHARACTERS || /example/i.test(found[0])) return []
    return [{ kind, line: text.slice(0, found.index).split('\n').length }]
  })
}
