import { SharedPage } from '../../../session/shared-page.tsx'

export function generateStaticParams() {
  return [{ token: '_' }]
}

export default function SharedRoute() {
  return <SharedPage />
}
