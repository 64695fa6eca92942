import { Page } from '../../../shell/page.tsx'

export default function UsageRoute() {
  return <Page title="Usage">{null}</Page>
}
