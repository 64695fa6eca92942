// The commands about what happens elsewhere: watched repositories, deployments.

import { type Command, Option } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import { usd } from './flag-values.ts'

/** `finish` is told how the chosen one ended. */
export function addConnectedCommands(program: Command, finish: (code: ExitCode) => void): void {
  const triggers = program.command('triggers').description('repositories whose issues start sessions, watched by the running server')
  triggers
    .command('list')
    .description('list them')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/triggers.ts')).listTriggersHere(options)))
  triggers
    .command('show')
    .description('what starts a session there, and how it goes on')
    .argument('<repository>', 'its name, or the beginning of its id')
    .option('--json', 'as JSON')
    .action(async (repository, options) => finish(await (await import('./commands/triggers.ts')).showTriggerHere(repository, options)))
  triggers
    .command('add')
    .description('watch a repository: labelled, assigned and mentioned issues start sessions of yours')
    .argument('<repository>', 'owner/name; your account there must be able to write to it')
    .option('--gitlab', 'on GitLab, not on GitHub')
    .option('--label <name>', 'label that starts a session', 'slipway')
    .option('--bot <name>', 'name that starts one when it is mentioned or assigned', 'slipway')
    .option('--model <provider/name>', 'model')
    .option('--budget <usd>', 'limit of each session', usd)
    .addOption(new Option('--auto', 'ask nobody, as far as the policy allows it').conflicts('approve'))
    .option('--approve', 'ask before the plan and before each outward step')
    .action(async (repository, options) => finish(await (await import('./commands/triggers.ts')).addTriggerHere(repository, options)))
  for (const [name, what, isPaused] of [
    ['pause', 'leave it out until it goes on', true],
    ['resume', 'let it go on', false],
  ] as const)
    triggers
      .command(name)
      .description(what)
      .argument('<repository>', 'its name, or the beginning of its id')
      .action(async (repository) => finish(await (await import('./commands/triggers.ts')).pauseTriggerHere(repository, isPaused)))
  triggers
    .command('remove')
    .description('watch it no longer; its sessions stay')
    .argument('<repository>', 'its name, or the beginning of its id')
    .action(async (repository) => finish(await (await import('./commands/triggers.ts')).removeTriggerHere(repository)))

  const deployments = program.command('deployments').description('where the commits of a session are deployed')
  deployments
    .command('list')
    .description('list them, with what production shows')
    .argument('<session>', 'session')
    .option('--json', 'as JSON')
    .action(async (session, options) => finish(await (await import('./commands/deployments.ts')).listDeploymentsHere(session, options)))
  deployments
    .command('promote')
    .description('let production show a preview, after showing exactly what happens')
    .argument('<session>', 'session')
    .argument('<deployment>', 'beginning of its id')
    .option('--effect <hash>', 'approve what was shown with this hash, without asking')
    .action(async (session, deployment, options) =>
      finish(await (await import('./commands/deployments.ts')).promoteHere(session, deployment, options)),
    )
  deployments
    .command('roll-back')
    .description('let production show an earlier deployment again, after showing exactly what happens')
    .argument('<session>', 'session')
    .argument('[deployment]', 'beginning of its id (default: the one before)')
    .option('--effect <hash>', 'approve what was shown with this hash, without asking')
    .action(async (session, deployment, options) =>
      finish(await (await import('./commands/deployments.ts')).rollBackHere(session, deployment, options)),
    )
  deployments
    .command('cancel')
    .description('stop one that is being built')
    .argument('<session>', 'session')
    .argument('<deployment>', 'beginning of its id')
    .action(async (session, deployment) => finish(await (await import('./commands/deployments.ts')).cancelHere(session, deployment)))
}
