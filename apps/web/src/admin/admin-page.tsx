'use client'

import { Shield } from 'lucide-react'
import { useMe } from '../identity/use-me.ts'
import { useHash } from '../routing/use-hash.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Switch } from '../usage/switch.tsx'
import { AuditSection } from './audit-section.tsx'
import { HealthSection } from './health-section.tsx'
import { OverviewSection, PoliciesSection } from './overview-section.tsx'
import { PeopleSection } from './people-section.tsx'

const SECTIONS = [
  { value: 'overview', name: 'Overview', Content: OverviewSection },
  { value: 'people', name: 'People', Content: PeopleSection },
  { value: 'health', name: 'Health', Content: HealthSection },
  { value: 'policies', name: 'Policies', Content: PoliciesSection },
  { value: 'audit', name: 'Audit', Content: AuditSection },
] as const

/** The whole installation, for administrators. */
export function AdminPage() {
  const me = useMe()
  return (
    <Page title="Admin">
      {me.data === undefined && me.isError ? (
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      ) : me.data === undefined ? (
        <SkeletonRows label="who you are" />
      ) : me.data.role === 'administrator' ? (
        <Sections />
      ) : (
        <EmptyState icon={Shield} title="This page is for administrators">
          It shows the people, the policies and the health of the installation. Your own sessions, usage and settings are where they always
          are. An administrator can change what you may do.
        </EmptyState>
      )}
    </Page>
  )
}

/** One at a time, named in the address after `#`. */
function Sections() {
  const hash = useHash()
  const { value: chosen, name, Content } = SECTIONS.find(({ value }) => value === hash) ?? SECTIONS[0]
  return (
    <>
      <div className="mb-5 overflow-x-auto">
        <div className="w-fit">
          <Switch label="Section" options={SECTIONS} value={chosen} onChange={(section) => window.location.replace(`#${section}`)} />
        </div>
      </div>
      <h2 className="sr-only">{name}</h2>
      <Content />
    </>
  )
}
