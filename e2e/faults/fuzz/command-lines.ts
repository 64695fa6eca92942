// Command lines for every command of the product's own table, right, nearly right and broken.

import { join } from 'node:path'
import { commandTable } from '@slipway/cli/command-table'
import fc from 'fast-check'
import { hostileText } from './hostile-values.ts'

type Command = ReturnType<typeof commandTable>
type Option = Command['options'][number]

export interface CommandLineInput {
  /** A folder for this test alone; no word names a place outside it. */
  folder: string
  /** What a flag or an argument of this name usually holds. */
  hints: Record<string, fc.Arbitrary<string>>
  /** Commands by their words, such as `changes list`, that are left out. */
  except: readonly string[]
}

/** The words after `slipway`. */
export function commandLines({ folder, hints, except }: CommandLineInput): fc.Arbitrary<string[]> {
  const commands = leaves(commandTable(() => undefined)).filter(({ path }) => !except.includes(path.join(' ')))
  const foreign = flagsOf(commands)
  const lines = commands.map(({ path, command }) => lineFor({ path, command, hints, foreign }))
  const stray = fc.array(fc.oneof(fc.constantFrom(...foreign, '--', '-', '-h', '-V', '-n1', '-xyz'), hostileText), { maxLength: 4 })
  return fc
    .oneof({ weight: 20, arbitrary: fc.oneof(...lines) }, { weight: 1, arbitrary: stray })
    .map((words) => words.map((word) => kept(word, folder)))
}

/** For each flag of each command, such as `export --format`, lines that hold it. */
export function flagLines({ folder, hints }: Omit<CommandLineInput, 'except'>): Map<string, fc.Arbitrary<string[]>> {
  const commands = leaves(commandTable(() => undefined))
  const foreign = flagsOf(commands)
  const lines = commands.flatMap(({ path, command }) =>
    command.options.map((option): [string, fc.Arbitrary<string[]>] => [
      `${path.join(' ')} ${nameOf(option)}`,
      fc
        .tuple(lineFor({ path, command, hints, foreign }), flag(option, valueFor(hints)))
        .map(([words, more]) => [...path, ...more, ...words.slice(path.length)].map((word) => kept(word, folder))),
    ]),
  )
  return new Map(lines)
}

/** How the product's table takes the words, with commands that do nothing. Throws what is no refusal. */
export async function parse(words: string[]): Promise<'taken' | 'refused'> {
  const program = commandTable(() => undefined)
  for (const { command } of leaves(program)) command.action(() => undefined)
  try {
    await program.parseAsync(words, { from: 'user' })
    return 'taken'
  } catch (error) {
    // What the parser says of itself; everything else is a bug.
    const { code, exitCode } = error as { code?: unknown; exitCode?: number }
    if (!String(code).startsWith('commander.')) throw error
    return exitCode === 0 ? 'taken' : 'refused'
  }
}

function flagsOf(commands: { command: Command }[]): string[] {
  return [...new Set(commands.flatMap(({ command }) => command.options.map(nameOf)))]
}

function nameOf(option: Option): string {
  return option.long ?? option.short ?? ''
}

function leaves(command: Command, path: string[] = []): { path: string[]; command: Command }[] {
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((each) => leaves(each, [...path, each.name()]))
}

interface Line {
  path: string[]
  command: Command
  hints: CommandLineInput['hints']
  foreign: string[]
}

function lineFor({ path, command, hints, foreign }: Line): fc.Arbitrary<string[]> {
  const value = valueFor(hints)
  const required = command.options.filter((option) => option.mandatory).map((option) => flag(option, value))
  const optional = command.options.filter((option) => !option.mandatory).map((option) => flag(option, value))
  const odd = fc.oneof<fc.Arbitrary<string[]>[]>(
    fc.constantFrom(...foreign).map((name): string[] => [name]),
    fc.tuple(fc.constantFrom(...foreign), hostileText).map(([name, text]) => [`${name}=${text}`]),
    hostileText.map((text) => [text]),
    fc.constant(['--']),
  )
  const words = command.registeredArguments.map((argument) => value(argument.name()).map((text): string[] => [text]))
  return fc
    .record({
      required: fc.tuple(...required.map((each) => fc.option(each, { freq: 12, nil: [] as string[] }))),
      optional: optional.length === 0 ? fc.constant<string[][]>([]) : fc.array(fc.oneof(...optional), { maxLength: 3 }),
      words: fc.tuple(...words.map((each) => fc.option(each, { freq: 12, nil: [] as string[] }))),
      odd: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[][]>([]) },
        { weight: 1, arbitrary: fc.array(odd, { minLength: 1, maxLength: 2 }) },
      ),
    })
    .map((given) => [...path, ...given.words.flat(), ...given.required.flat(), ...given.optional.flat(), ...given.odd.flat()])
}

function valueFor(hints: CommandLineInput['hints']): (name: string) => fc.Arbitrary<string> {
  return (name) => {
    const hint = hints[name]
    return hint === undefined ? hostileText : fc.oneof({ weight: 3, arbitrary: hint }, { weight: 1, arbitrary: hostileText })
  }
}

function flag(option: Option, value: (name: string) => fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  const name = nameOf(option)
  if (!option.required && !option.optional) return fc.constant([name])
  const choices =
    option.argChoices === undefined ? value(option.attributeName()) : fc.oneof(fc.constantFrom(...option.argChoices), hostileText)
  return fc.oneof(
    { weight: 12, arbitrary: choices.map((text): string[] => [name, text]) },
    { weight: 3, arbitrary: choices.map((text): string[] => [`${name}=${text}`]) },
    { weight: 1, arbitrary: fc.constant<string[]>([name]) },
  )
}

/** As an operating system hands words over, and never a place outside the folder: `--output` writes where it is told. */
function kept(word: string, folder: string): string {
  const whole = word.replaceAll('\0', '').toWellFormed().slice(0, 40_000)
  if (whole.includes(folder)) return whole
  return whole
    .replaceAll('..', 'up')
    .replace(/^(-\w|--[\w-]+=)?\//, (_, name: string | undefined) => `${name ?? ''}${join(folder, 'nowhere')}/`)
}
