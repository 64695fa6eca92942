import { AdminPage } from '../../../admin/admin-page.tsx'

export default function AdminRoute() {
  return <AdminPage />
}
