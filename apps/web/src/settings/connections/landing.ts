// How it went at the provider, as the way back says it in the address.

const PROBLEMS: Record<string, (label: string) => string> = {
  expired: (label) => `It took too long, or was begun in another browser. Nothing was connected; connect ${label} again.`,
  denied: (label) => `It was refused at ${label}. Nothing was connected.`,
  refused: (label) => `${label} did not confirm it. Nothing was connected; try again.`,
  misconfigured: (label) =>
    `${label} does not accept this installation. An administrator checks its client id, its secret and the callback address.`,
  network: (label) => `${label} did not answer. Nothing was connected; try again in a minute.`,
}

export interface Landed {
  isGood: boolean
  text: string
}

/** null: nobody came back from anywhere. */
export function landingOf(search: string, label: string): Landed | null {
  const said = new URLSearchParams(search).get('connection') ?? ''
  if (said === 'made') return { isGood: true, text: `${label} is connected.` }
  const problem = Object.hasOwn(PROBLEMS, said) ? PROBLEMS[said] : undefined
  return problem === undefined ? null : { isGood: false, text: problem(label) }
}
