'use client'

import { PanelBottom, PanelLeft, PanelRight, type LucideIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Group, Panel, Separator, useDefaultLayout, usePanelRef, type LayoutStorage } from 'react-resizable-panels'
import { ErrorBoundary } from '../../states/error-boundary.tsx'
import { readStored, store } from '../../stored/local.ts'
import { useOpenedFile } from '../files/opened-file.ts'
import { SessionBar } from '../header/session-bar.tsx'
import { useSessionAccess, type PageView } from '../session-hooks.ts'
import { ConversationColumn } from './conversation-column.tsx'
import { PanelTabs } from './panel-tabs.tsx'
import { tabsFor, Timeline } from './panels.tsx'

const storage: LayoutStorage = { getItem: readStored, setItem: store }

/** Three columns whose widths are remembered, and the timeline along the bottom. */
export function WideLayout({ view }: { view: PageView | undefined }) {
  const { shareToken } = useSessionAccess()
  const file = useOpenedFile()
  const wanted = file === null ? null : { id: 'files', because: file.path }
  const { left, right } = tabsFor(shareToken)
  const panelIds = left.length > 0 ? ['left', 'middle', 'right'] : ['middle', 'right']
  const layout = useDefaultLayout({ id: left.length > 0 ? 'session' : 'shared', panelIds, storage })
  const leftPanel = usePanelRef()
  const rightPanel = usePanelRef()
  const [isLeftOpen, setLeftOpen] = useState(true)
  const [isRightOpen, setRightOpen] = useState(true)
  const [hasTimeline, setTimeline] = useState(() => readStored('timeline') !== 'no')

  const turn = (panel: typeof leftPanel): void =>
    panel.current?.isCollapsed() === true ? panel.current.expand() : panel.current?.collapse()
  const isFileOpen = file !== null
  useEffect(() => {
    if (isFileOpen && leftPanel.current?.isCollapsed() === true) leftPanel.current.expand()
  }, [isFileOpen, leftPanel])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <SessionBar
        view={view}
        leading={left.length > 0 && <Toggle icon={PanelLeft} label="Files and changes" isOn={isLeftOpen} onTurn={() => turn(leftPanel)} />}
        trailing={
          <>
            <Toggle
              icon={PanelBottom}
              label="Timeline"
              isOn={hasTimeline}
              onTurn={() => {
                store('timeline', hasTimeline ? 'no' : 'yes')
                setTimeline(!hasTimeline)
              }}
            />
            <Toggle icon={PanelRight} label="Terminal and preview" isOn={isRightOpen} onTurn={() => turn(rightPanel)} />
          </>
        }
      />
      <Group className="min-h-0 flex-1" {...layout}>
        {left.length > 0 && (
          <>
            <Panel
              id="left"
              panelRef={leftPanel}
              collapsible
              minSize="220px"
              defaultSize="26"
              onResize={({ inPixels }) => setLeftOpen(inPixels > 0)}
            >
              <PanelTabs name="left" label="Files and changes" tabs={left} wanted={wanted} />
            </Panel>
            <Edge label="Width of files and changes" />
          </>
        )}
        <Panel id="middle" minSize="360px" defaultSize="44">
          <ConversationColumn hasMomentBar={!hasTimeline} />
        </Panel>
        <Edge label="Width of the terminal" />
        <Panel
          id="right"
          panelRef={rightPanel}
          collapsible
          minSize="240px"
          defaultSize="30"
          onResize={({ inPixels }) => setRightOpen(inPixels > 0)}
        >
          <PanelTabs name="right" label="Terminal and preview" tabs={right} />
        </Panel>
      </Group>
      {hasTimeline && (
        <div className="shrink-0 border-t border-separator">
          <ErrorBoundary name="The timeline">
            <Timeline />
          </ErrorBoundary>
        </div>
      )}
    </div>
  )
}

function Edge({ label }: { label: string }) {
  return (
    <Separator
      aria-label={label}
      className="relative w-px bg-separator outline-offset-0 before:absolute before:inset-y-0 before:-left-1 before:w-2 data-[separator=active]:bg-accent data-[separator=hover]:bg-border-strong"
    />
  )
}

function Toggle({ icon: Icon, label, isOn, onTurn }: { icon: LucideIcon; label: string; isOn: boolean; onTurn: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isOn}
      title={isOn ? `Hide: ${label}` : `Show: ${label}`}
      className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground aria-pressed:text-foreground"
      onClick={onTurn}
    >
      <Icon aria-hidden className="size-4" strokeWidth={1.75} />
    </button>
  )
}
