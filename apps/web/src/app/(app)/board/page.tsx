import { Page } from '../../../shell/page.tsx'

export default function BoardRoute() {
  return <Page title="Board">{null}</Page>
}
