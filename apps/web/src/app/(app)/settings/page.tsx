import { Page } from '../../../shell/page.tsx'

export default function SettingsRoute() {
  return <Page title="Settings">{null}</Page>
}
