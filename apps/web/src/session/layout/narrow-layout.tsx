'use client'

import { MessagesSquare } from 'lucide-react'
import { Conversation } from '../conversation/conversation.tsx'
import { useOpenedFile } from '../files/opened-file.ts'
import { SessionBar } from '../header/session-bar.tsx'
import { useSessionAccess, type PageView } from '../session-hooks.ts'
import { MomentBar, People } from './conversation-column.tsx'
import { PanelTabs, type Tab } from './panel-tabs.tsx'
import { tabsFor, timeline } from './panels.tsx'

function ConversationTab() {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <MomentBar />
      <Conversation />
    </div>
  )
}

/** One part at a time; what is asked and the way to stop stay below all of them. */
export function NarrowLayout({ view }: { view: PageView | undefined }) {
  const { shareToken } = useSessionAccess()
  const file = useOpenedFile()
  const wanted = file === null ? null : { id: 'files', because: file.path }
  const { left, right } = tabsFor(shareToken)
  const conversation: Tab = {
    id: 'conversation',
    name: 'Conversation',
    icon: MessagesSquare,
    content: ConversationTab,
    hasNews: view !== undefined && view.ask !== null,
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <SessionBar view={view} />
      <div className="min-h-0 flex-1">
        <PanelTabs name={null} label="Parts of the session" tabs={[conversation, ...left, ...right, timeline]} wanted={wanted} />
      </div>
      <div className="shrink-0 pt-2">
        <People />
      </div>
    </div>
  )
}
