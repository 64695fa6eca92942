import { PlanPage } from '../../../../plans/plan-page.tsx'

/** One exported page for every plan: the server answers `/plans/<any id>` with it. */
export function generateStaticParams() {
  return [{ id: '_' }]
}

export default function PlanRoute() {
  return <PlanPage />
}
