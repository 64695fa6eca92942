import { SettingsPage } from '../../../settings/settings-page.tsx'

export default function SettingsRoute() {
  return <SettingsPage />
}
