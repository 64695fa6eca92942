import { UsagePage } from '../../../usage/usage-page.tsx'

export default function UsageRoute() {
  return <UsagePage />
}
