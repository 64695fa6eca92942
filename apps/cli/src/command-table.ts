// Every command with its flags. Everything heavy is imported by the command that needs it, so that help and version answer at once.

import { readFileSync } from 'node:fs'
import { modeNames } from '@slipway/core/text/mode-names'
import { Argument, Command, Option } from 'commander'
import { addConnectedCommands } from './connected-commands.ts'
import { exitCodeHelp, type ExitCode } from './exit-codes.ts'
import { collect, count, usd } from './flag-values.ts'
import { saidBack } from './said-back.ts'

/** The commands, ready to parse one command line; `finish` is told how the chosen one ended. */
export function commandTable(finish: (code: ExitCode) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

  const program = new Command('slipway')
    .description('Takes a task, builds and tests it in a sandbox, passes it through an airlock and opens the change request.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('(slipway --help, or slipway <command> --help, shows how)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(saidBack(text)) })
    .addHelpText(
      'after',
      `
Begin here:
  slipway demo                     the main job on a bundled example; needs no key and no account
  slipway doctor                   what works on this machine, and what to type where it does not
  slipway run --repo . --task "Make the tests pass on Node 24"

Sessions are named by the beginning of their id; \`last\` is the newest one.
${exitCodeHelp}

Settings are environment variables (docs/configuration.md), such as ANTHROPIC_API_KEY and SLIPWAY_HOME.`,
    )

  program
    .command('run')
    .description('work on a task in the foreground and show every step')
    .requiredOption('--repo <path or URL>', 'repository: a folder, owner/name, or an https address')
    .requiredOption('--task <text>', 'what should be done, in your words')
    .option('--model <provider/name>', 'model for this session, such as anthropic/claude-sonnet-4-5 or scripted/<file>')
    .option('--fallback <provider/name>', 'model that takes over after repeated failures')
    .option('--base <branch>', "branch to start from (default: the repository's own)")
    .option('--check <command>', 'command that must pass; repeat for several (default: found in the repository)', collect, [])
    .option('--budget <usd>', 'what the session may spend before it pauses and asks', usd)
    .option('--title <text>', 'title of the session (default: the first line of the task)')
    .addOption(new Option('--auto', 'ask nobody, as far as the policy allows it').conflicts('approve'))
    .option('--approve', 'ask before the plan and before each outward step')
    .addOption(new Option('--sandbox <backend>', 'way of confining (default: the best that works here)').choices(['docker', 'bubblewrap']))
    .option('--json', 'one event a line on standard output, nothing else')
    .addHelpText(
      'after',
      `\nWithout --auto or --approve the plan goes ahead, and a push or a change request waits for you. slipway mode changes that later.\n${exitCodeHelp}`,
    )
    .action(async (options) => finish(await (await import('./commands/run.ts')).run(options)))

  program
    .command('sessions')
    .description('list sessions, newest first')
    .option('-n, --limit <count>', 'how many', count, 30)
    .addOption(new Option('--status <status>', 'only these').choices(['running', 'waiting', 'done']))
    .option('--archived', 'those that were put away instead')
    .option('--json', 'one session a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/sessions.ts')).sessions(options)))

  program
    .command('show')
    .description('show a session: status, plan, checks, cost, open question')
    .argument('<id>', 'session')
    .option('--diff', 'the change instead')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/show.ts')).show(id, options)))

  program
    .command('follow')
    .description('watch a session as it happens; Ctrl-C leaves it alone')
    .argument('<id>', 'session')
    .option('--after <seq>', 'begin after this event', count, 0)
    .option('--json', 'one event a line on standard output, nothing else')
    .action(async (id, options) => finish(await (await import('./commands/follow.ts')).follow(id, options)))

  program
    .command('say')
    .description('say something to the agent')
    .argument('<id>', 'session')
    .argument('<text>', 'your words')
    .option('--queue', 'to be read when the agent rests, not after its current step')
    .action(async (id, text, options) => finish(await (await import('./commands/people.ts')).say(id, text, options)))

  program
    .command('answer')
    .description("answer a session's question")
    .argument('<id>', 'session')
    .argument('<answer...>', 'approve, reject [why], or the answer in your words')
    .option('--budget <usd>', 'the new limit, where the budget is asked for', usd)
    .option('--ask <ask id>', 'only if this is still the open question')
    .action(async (id, words, options) => finish(await (await import('./commands/people.ts')).answer(id, words, options)))

  program
    .command('stop')
    .description('stop the agent; the session and its work stay')
    .argument('<id>', 'session')
    .action(async (id) => finish(await (await import('./commands/people.ts')).stop(id)))

  program
    .command('mode')
    .description('change how much of a session waits for you, from its next step on')
    .argument('<id>', 'session')
    .addArgument(
      new Argument('<mode>', 'ask: about everything; plan: before each outward step; auto: go ahead').choices(Object.keys(modeNames)),
    )
    .action(async (id, mode) => finish(await (await import('./commands/mode.ts')).mode(id, mode)))

  program
    .command('throw-away')
    .description('stop the agent, close its change request and put the session away; its log and its branch stay')
    .argument('<id>', 'session')
    .action(async (id) => finish(await (await import('./commands/throw-away.ts')).throwAway(id)))

  program
    .command('resume')
    .description('go on with a session that was stopped, parked, left or interrupted')
    .argument('<id>', 'session')
    .option('--detach', 'leave it to a running server or worker')
    .option('--json', 'one event a line on standard output, nothing else')
    .addHelpText('after', exitCodeHelp)
    .action(async (id, options) => finish(await (await import('./commands/resume.ts')).resume(id, options)))

  program
    .command('fork')
    .description('start a new session from a point in another one, and print its id')
    .argument('<id>', 'session')
    .requiredOption('--at <seq>', 'the last event that the new session shares', count)
    .option('--model <provider/name>', 'model that goes on')
    .option('--detach', 'let a running server or worker begin at once')
    .action(async (id, options) => finish(await (await import('./commands/fork.ts')).fork(id, options)))

  program
    .command('export')
    .description('write a whole session out')
    .argument('<id>', 'session')
    .addOption(new Option('--format <format>', 'a document, a page, or all events').choices(['md', 'html', 'json']).default('md'))
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .action(async (id, options) => finish(await (await import('./commands/export.ts')).exportSession(id, options)))

  const changes = program.command('changes').description('change requests of a repository on this disk')
  changes
    .command('list')
    .description('list them')
    .requiredOption('--repo <path>', 'repository')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/changes.ts')).listChanges(options)))
  changes
    .command('show')
    .description('show one with its description')
    .argument('<number>', 'change request', count)
    .requiredOption('--repo <path>', 'repository')
    .option('--json', 'as JSON')
    .action(async (number, options) => finish(await (await import('./commands/changes.ts')).showChange(number, options)))
  changes
    .command('diff')
    .description('what it would change')
    .argument('<number>', 'change request', count)
    .requiredOption('--repo <path>', 'repository')
    .action(async (number, options) => finish(await (await import('./commands/changes.ts')).diffChange(number, options)))
  changes
    .command('merge')
    .description('merge it into its base')
    .argument('<number>', 'change request', count)
    .requiredOption('--repo <path>', 'repository')
    .action(async (number, options) => finish(await (await import('./commands/changes.ts')).mergeChange(number, options)))

  const routines = program.command('routines').description('tasks on a schedule, kept by the running server')
  routines
    .command('list')
    .description('list them')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/routines.ts')).listRoutinesHere(options)))
  routines
    .command('create')
    .description('run a task on a schedule')
    .requiredOption('--name <text>', 'what it is called')
    .requiredOption('--cron <five fields>', 'minute hour day month weekday, such as "0 3 * * 1-5"')
    .option('--time-zone <name>', 'time zone of the schedule, such as Europe/Vienna', 'UTC')
    .requiredOption('--repo <path or URL>', 'repository')
    .requiredOption('--task <text>', 'what should be done')
    .option('--model <provider/name>', 'model')
    .option('--check <command>', 'command that must pass; repeat for several', collect, [])
    .option('--budget <usd>', 'limit of each run', usd)
    .option('--auto', 'ask nobody, as far as the policy allows it')
    .action(async (options) => finish(await (await import('./commands/routines.ts')).createRoutineHere(options)))
  routines
    .command('pause')
    .description('leave it out until it goes on')
    .argument('<id>', 'routine')
    .action(async (id) => finish(await (await import('./commands/routines.ts')).pauseRoutine(id, true)))
  routines
    .command('resume')
    .description('let it go on')
    .argument('<id>', 'routine')
    .action(async (id) => finish(await (await import('./commands/routines.ts')).pauseRoutine(id, false)))
  routines
    .command('delete')
    .description('delete it; its sessions stay')
    .argument('<id>', 'routine')
    .action(async (id) => finish(await (await import('./commands/routines.ts')).deleteRoutineHere(id)))

  addConnectedCommands(program, finish)

  const connections = program
    .command('connections')
    .description('your accounts at GitHub, GitLab, Notion and Vercel')
    .action(async () => finish(await (await import('./commands/connections.ts')).listConnectionsHere({})))
  connections
    .command('list')
    .description('list them')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/connections.ts')).listConnectionsHere(options)))
  connections
    .command('add')
    .description('connect an account: GitHub by a code that you type in your browser, the others by a token')
    .addArgument(new Argument('<provider>', 'where the account is').choices(['github', 'gitlab', 'notion', 'vercel']))
    .option('--token', 'by a token, which is asked for or read from standard input; never name it in the command')
    .option('--team <name>', 'the team at Vercel whose projects are meant, when the token reaches several')
    .action(async (provider, options) => finish(await (await import('./commands/connections.ts')).addConnection(provider, options)))
  connections
    .command('remove')
    .description('disconnect an account, and take the permission back where that can be done from here')
    .argument('<id>', 'connection, as `slipway connections` lists it')
    .action(async (id) => finish(await (await import('./commands/connections.ts')).removeConnection(id)))

  const notion = program.command('notion').description('tasks that stand in Notion')
  const sessionOptions = (command: Command) =>
    command
      .option('--repo <path or URL>', 'repository, where the page names none')
      .option('--base <branch>', "branch to start from (default: the repository's own)")
      .option('--model <provider/name>', 'model')
      .option('--check <command>', 'command that must pass; repeat for several', collect, [])
      .option('--budget <usd>', 'limit of each session', usd)
      .option('--auto', 'ask nobody, as far as the policy allows it')
  notion
    .command('databases')
    .description('databases that your account at Notion shares with Slipway')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/notion.ts')).listDatabasesHere(options)))
  notion
    .command('tasks')
    .description('the tasks of a database')
    .argument('<database>', 'its id or link')
    .option('--json', 'one a line, as JSON')
    .action(async (database, options) => finish(await (await import('./commands/notion.ts')).listTasksHere(database, options)))
  notion
    .command('show')
    .description('a page as Markdown')
    .argument('<page>', 'its id or link')
    .option('--json', 'as JSON')
    .action(async (page, options) => finish(await (await import('./commands/notion.ts')).showTaskHere(page, options)))
  sessionOptions(notion.command('start').description('start a session from a page').argument('<page>', 'its id or link')).action(
    async (page, options) => finish(await (await import('./commands/notion.ts')).startTaskHere(page, options)),
  )
  sessionOptions(notion.command('connect').description('let the pages of a database start sessions by their status'))
    .argument('<database>', 'its id or link')
    .option('--add-missing', 'add fields and options that the database lacks')
    .option('--no-queue', 'only write back; start nothing by itself')
    .action(async (database, options) => finish(await (await import('./commands/notion.ts')).connectDatabaseHere(database, options)))
  sessionOptions(notion.command('create').description('make databases for tasks and routines below a page'))
    .argument('<page>', 'its id or link')
    .action(async (page, options) => finish(await (await import('./commands/notion.ts')).createDatabasesHere(page, options)))

  const plan = program.command('plan').description('ideas that become tasks, and approved tasks that become sessions')
  plan
    .command('new')
    .description('let the model read an idea into requirements')
    .argument('[idea]', 'in your words')
    .option('--notion <page>', 'a page of Notion instead: its id or link')
    .option('--repo <path or URL>', 'repository; left out: one is made later, see `slipway plan repository`')
    .option('--base <branch>', "branch to start from (default: the repository's own)")
    .option('--model <provider/name>', 'model that reads, plans and works')
    .option('--check <command>', 'command that must pass in each session; repeat for several', collect, [])
    .option('--budget <usd>', 'limit of each session', usd)
    .option('--auto', 'sessions ask nobody, as far as the policy allows it')
    .option('--detach', 'do not wait for the model')
    .option('--json', 'as JSON')
    .action(async (idea, options) => finish(await (await import('./commands/plan.ts')).makePlan(idea, options)))
  plan
    .command('list')
    .description('list them, newest first')
    .option('--json', 'one a line, as JSON')
    .action(async (options) => finish(await (await import('./commands/plan.ts')).listPlansHere(options)))
  plan
    .command('show')
    .description('a plan with its tasks and what became of them')
    .argument('<id>', 'plan')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/plan.ts')).showPlanHere(id, options)))
  plan
    .command('tasks')
    .description('let the model cut the work into tasks, for the first time or anew')
    .argument('<id>', 'plan')
    .option('--wish <text>', 'what should be different this time')
    .option('--requirements', 'the requirements instead')
    .option('--detach', 'do not wait for the model')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/plan.ts')).askForTasks(id, options)))
  plan
    .command('edit')
    .description('take requirements, tasks and settings from a file')
    .argument('<id>', 'plan')
    .argument('<file>', 'JSON, as --write writes it')
    .option('--write', 'write the file instead')
    .option('--json', 'as JSON')
    .action(async (id, file, options) => finish(await (await import('./commands/plan.ts')).editPlan(id, file, options)))
  plan
    .command('approve')
    .description('approve tasks: each starts when those that it depends on are done or in review')
    .argument('<id>', 'plan')
    .option('--task <key>', 'only this one; repeat for several', collect, [])
    .option('--start-anyway', 'whatever became of the tasks that come first')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/plan.ts')).approvePlanHere(id, options)))
  plan
    .command('notion')
    .description('write the tasks as rows of a database; setting a row to Ready approves its task')
    .argument('<id>', 'plan')
    .argument('<database>', 'its id or link')
    .option('--json', 'as JSON')
    .action(async (id, database, options) => finish(await (await import('./commands/plan.ts')).writePlanToNotion(id, database, options)))
  plan
    .command('repository')
    .description('propose a new repository for the plan, and make it once you say yes')
    .argument('<id>', 'plan')
    .addOption(new Option('--forge <forge>', 'where').choices(['github', 'gitlab', 'local']).makeOptionMandatory())
    .requiredOption('--name <name>', 'what it is called')
    .option('--owner <name>', 'organisation or group (default: your own account)')
    .option('--public', 'everybody can read it')
    .option('--vercel [project]', 'deploy it with Vercel, by a project of this name (default: that of the repository)')
    .option('--yes <hash>', 'make exactly the proposal that was shown with this hash')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/plan.ts')).makeRepositoryFor(id, options)))
  plan
    .command('deployment')
    .description('try again to make the project at Vercel that could not be made with the repository')
    .argument('<id>', 'plan')
    .option('--project <name>', 'another name')
    .addOption(new Option('--leave-out', 'do without it').conflicts(['project', 'yes']))
    .option('--yes <hash>', 'make exactly what was shown with this hash')
    .option('--json', 'as JSON')
    .action(async (id, options) => finish(await (await import('./commands/plan-deployment.ts')).makeDeploymentFor(id, options)))
  plan
    .command('drop')
    .description('start nothing more; its sessions stay')
    .argument('<id>', 'plan')
    .action(async (id) => finish(await (await import('./commands/plan.ts')).dropPlanHere(id)))

  program
    .command('audit')
    .description('who got access, and when')
    .command('verify')
    .description('check that no row was changed or taken out')
    .action(async () => finish(await (await import('./commands/audit.ts')).verifyAudit()))

  program
    .command('up')
    .description('start the server: HTTP API and worker, on loopback')
    .option('-p, --port <port>', 'port to listen on; 0 takes a free one (default: PORT or 3000)', count)
    .action(async (options) => finish(await (await import('./commands/up.ts')).up(options)))

  program
    .command('worker')
    .description('work on sessions without an API')
    .action(async () => finish(await (await import('./commands/up.ts')).up({ role: 'worker' })))

  program
    .command('doctor')
    .description('name the cause of what does not work here, and what to type')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('./commands/doctor.ts')).doctor(options)))

  program
    .command('demo')
    .description('the main job on a bundled example, from task to change request')
    .option('--model <provider/name>', 'a real model instead of the script')
    .option('--json', 'one event a line on standard output, nothing else')
    .action(async (options) => finish(await (await import('./commands/demo.ts')).demo(options)))

  return program
}
