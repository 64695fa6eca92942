import { PlansPage } from '../../../plans/plans-page.tsx'

export default function PlansRoute() {
  return <PlansPage />
}
