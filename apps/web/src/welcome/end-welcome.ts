import { offerTutorial } from '../help/first-tutorial.tsx'
import { store } from '../stored/local.ts'

/** Where this browser keeps how far the guide has come. */
export const WELCOME_STEP = 'welcome-step'

/** The guide is over: it begins anew when it is opened again, and what comes next is explained once. */
export function endWelcome(): void {
  store(WELCOME_STEP, null)
  offerTutorial()
}
