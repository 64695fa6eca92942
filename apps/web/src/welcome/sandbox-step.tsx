'use client'

import { Block } from '../settings/block.tsx'
import { DoctorFindings } from '../settings/doctor-findings.tsx'
import { SandboxChoice } from '../settings/sandbox-choice.tsx'

export function SandboxStep({ isAdministrator }: { isAdministrator: boolean }) {
  return (
    <>
      <div className="mb-6">
        <SandboxChoice />
      </div>
      {isAdministrator && (
        <Block title="What the server found on this machine">
          <DoctorFindings only={['bubblewrap', 'docker', 'process', 'sandbox', 'user', 'disk']} />
        </Block>
      )}
    </>
  )
}
