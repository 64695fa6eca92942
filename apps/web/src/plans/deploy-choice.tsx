import { SwitchRow } from '../controls/switch-row.tsx'
import { TextField } from '../controls/text-field.tsx'
import { useConnections } from '../settings/connections/use-connections.ts'

interface DeployChoiceProps {
  forge: 'github' | 'gitlab' | 'local'
  /** What the project is called when nobody says otherwise. */
  usual: string
  /** null: it is not deployed. */
  project: string | null
  onChange(project: string | null): void
}

/** Whether the new repository is deployed, and by which project at Vercel. */
export function DeployChoice({ forge, usual, project, onChange }: DeployChoiceProps) {
  const account = useVercelAccount()
  const isPossible = forge !== 'local' && account !== null
  // What was proposed can be taken back also when the account is gone.
  const isOn = forge !== 'local' && project !== null
  return (
    <div className="rounded-lg border border-border px-4">
      <SwitchRow
        label="Deploy it with Vercel"
        hint={<DeployHint forge={forge} account={account} />}
        isOn={isOn}
        isDisabled={!isPossible && !isOn}
        onChange={(on) => onChange(on ? usual : null)}
      />
      {isOn && (
        <TextField
          className="pb-3"
          label="Project at Vercel"
          hint="Small letters, digits, dots, - and _."
          required
          maxLength={100}
          value={project}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </div>
  )
}

function DeployHint({ forge, account }: { forge: DeployChoiceProps['forge']; account: string | null | undefined }) {
  if (forge === 'local') return 'Only what is on GitHub or GitLab.'
  if (account === undefined) return 'Looking for your account …'
  if (account !== null) return `A project of ${account} is linked to it: its change requests get previews, its main branch is production.`
  return (
    <>
      No account at Vercel is connected.{' '}
      <a className="underline" href="/settings#connections">
        Connect one
      </a>{' '}
      to choose this.
    </>
  )
}

/** The name of the account that would be used; null: there is none; undefined: not known yet. */
function useVercelAccount(): string | null | undefined {
  const { data } = useConnections()
  if (data === undefined) return undefined
  const own = data.connections.find(({ provider, status }) => provider === 'vercel' && status === 'connected')
  if (own !== undefined) return own.team === null ? own.accountName : `${own.accountName}, team ${own.team}`
  return data.providers.find(({ provider }) => provider === 'vercel')?.fromEnvironment ?? null
}
