'use client'

import { SwitchRow } from '../controls/switch-row.tsx'
import { Block } from './block.tsx'
import { MailNotices } from './mail-notices.tsx'
import { setNotifying, useNotifying } from '../notifications/notifying.ts'

const HINTS = {
  on: 'This browser tells you while one of its Slipway pages is open.',
  off: 'Off until you ask for it. Your browser will then want your permission.',
  refused: 'Your browser refuses notifications from this page. Allow them in its settings for this site, then come back.',
  impossible: 'This browser cannot show notifications, or only over https.',
}

export function NotificationsSection() {
  const state = useNotifying()
  return (
    <>
      <Block title="In this browser">
        <div className="rounded-lg border border-border bg-surface px-3">
          <SwitchRow
            label="Tell me when a session needs me"
            hint={HINTS[state]}
            isOn={state === 'on'}
            isDisabled={state === 'refused' || state === 'impossible'}
            onChange={(isOn) => void setNotifying(isOn)}
          />
        </div>
      </Block>
      <MailNotices />
    </>
  )
}
