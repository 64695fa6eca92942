import { describeForge } from './testing/forge-contract.ts'
import { startGithubForge } from './testing/start-github-forge.ts'
import { startGitlabForge } from './testing/start-gitlab-forge.ts'
import { startLocalForge } from './testing/start-local-forge.ts'

describeForge('GitHub', ({ home, source }) => startGithubForge({ home, repository: { from: source } }))

describeForge('GitLab', ({ home, source }) => startGitlabForge({ home, project: { from: source } }))

describeForge('local', startLocalForge)
