import { describeForge } from './testing/forge-contract.ts'
import { startGithubForge } from './testing/start-github-forge.ts'
import { startLocalForge } from './testing/start-local-forge.ts'

describeForge('GitHub', ({ home, source }) => startGithubForge({ home, repository: { from: source } }))

describeForge('local', startLocalForge)
