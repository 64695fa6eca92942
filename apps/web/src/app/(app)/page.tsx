import { Page } from '../../shell/page.tsx'

export default function SessionsRoute() {
  return <Page title="Sessions">{null}</Page>
}
