import { SessionPage } from '../../../../session/session-page.tsx'

/** One exported page for every session: the server answers `/sessions/<any id>` with it. */
export function generateStaticParams() {
  return [{ id: '_' }]
}

export default function SessionRoute() {
  return <SessionPage />
}
