import { SessionsPage } from '../../sessions/sessions-page.tsx'

export default function SessionsRoute() {
  return <SessionsPage />
}
