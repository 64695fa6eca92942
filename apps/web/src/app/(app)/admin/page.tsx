import { Page } from '../../../shell/page.tsx'

export default function AdminRoute() {
  return <Page title="Admin">{null}</Page>
}
