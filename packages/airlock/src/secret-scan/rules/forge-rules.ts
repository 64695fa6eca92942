// Forges, package registries and pipelines.

import { assigned, token, uuid } from './secret-rule.ts'
import type { SecretRule } from './secret-rule.ts'

export const forgeRules: SecretRule[] = [
  token('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'gh[pousr]_[A-Za-z0-9]{36,251}', 3),
  token('github-fine-grained-token', ['github_pat_'], 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}', 3),
  token(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'gloas-', 'glffct-'],
    'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[A-Za-z0-9_.\\-]{20,}',
    3.5,
  ),
  token('gitlab-runner-registration', ['gr1348941'], 'GR1348941[A-Za-z0-9_\\-]{20}', 2.8),
  token('bitbucket-app-password', ['atbb', 'atct'], 'ATBB[A-Za-z0-9]{28,32}|ATCTT3[A-Za-z0-9_=\\-]{60,}', 3),
  token('atlassian-token', ['atatt3'], 'ATATT3[A-Za-z0-9_=\\-]{60,}', 3),
  token('npm-token', ['npm_'], 'npm_[A-Za-z0-9]{36}', 3),
  {
    id: 'npm-registry-login',
    keywords: ['_authtoken', '_auth', '_password'],
    pattern: /:_(?:authToken|auth|password)\s*=\s*["']?([A-Za-z0-9+/=_.-]{16,})/g,
    minEntropy: 3,
    kind: 'context',
  },
  token('pypi-token', ['pypi-'], 'pypi-[A-Za-z0-9_\\-]{85,}', 3),
  token('rubygems-key', ['rubygems_'], 'rubygems_[0-9a-f]{48}', 3),
  token('crates-token', ['cio'], 'cio[A-Za-z0-9]{32}', 3.3),
  token('nuget-key', ['oy2'], 'oy2[a-z0-9]{43}', 3.3),
  token('docker-hub-token', ['dckr_'], 'dckr_(?:pat|oat)_[A-Za-z0-9_\\-]{27,}', 3),
  {
    id: 'docker-registry-login',
    keywords: ['"auth"'],
    pattern: /"auth"\s*:\s*"([A-Za-z0-9+/]{16,}={0,2})"/g,
    minEntropy: 3,
    kind: 'context',
  },
  token('artifactory-key', ['akcp', 'cmvmd'], 'AKCp[A-Za-z0-9]{65,}|cmVmd[A-Za-z0-9]{59}', 3.3),
  token('clojars-token', ['clojars_'], 'CLOJARS_[a-z0-9]{60}', 3),
  token('circleci-token', ['ccipat_', 'cciprj_'], 'CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[0-9a-f]{40}', 3),
  assigned('circleci-token', ['circle'], 'circle(?:ci)?[a-z0-9_.\\- ]{0,8}token', '[0-9a-f]{40}'),
  token('buildkite-token', ['bkua_', 'bkaj_', 'bkpt_', 'bkct_'], 'bk(?:ua|aj|pt|ct)_[A-Za-z0-9]{32,}', 3),
  assigned('travis-token', ['travis'], 'travis[a-z0-9_.\\- ]{0,12}token', '[A-Za-z0-9_\\-]{20,24}', 3.3),
  assigned('codecov-token', ['codecov'], 'codecov[a-z0-9_.\\- ]{0,8}token', `${uuid}|[a-z0-9]{32}`),
  token('sonar-token', ['squ_', 'sqp_', 'sqa_'], 'sq[upa]_[0-9a-f]{40}', 3),
  assigned('sonar-token', ['sonar'], 'sonar[a-z0-9_.\\- ]{0,12}(?:login|token)', '[0-9a-f]{40}'),
  assigned('snyk-token', ['snyk'], 'snyk[a-z0-9_.\\- ]{0,12}(?:token|key)', uuid),
  token('sourcegraph-token', ['sgp_'], 'sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}', 3),
  assigned('gitea-token', ['gitea', 'forgejo', 'codeberg'], '(?:gitea|forgejo|codeberg)[a-z0-9_.\\- ]{0,12}(?:token|key)', '[0-9a-f]{40}'),
  token('launchdarkly-key', ['sdk-', 'api-'], `(?:sdk|api)-${uuid}`),
  token('postman-key', ['pmak-'], 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}', 3),
]
