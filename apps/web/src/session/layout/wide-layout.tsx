'use client'

import { Maximize2, Minimize2, PanelBottom, PanelLeft, PanelRight, type LucideIcon } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  Group,
  Panel,
  Separator,
  useDefaultLayout,
  useGroupRef,
  usePanelRef,
  type Layout,
  type LayoutStorage,
} from 'react-resizable-panels'
import { ErrorBoundary } from '../../states/error-boundary.tsx'
import { readStored, store } from '../../stored/local.ts'
import { useOpenedFile } from '../files/opened-file.ts'
import { SessionBar } from '../header/session-bar.tsx'
import { SIDE_BY_SIDE_PX } from '../diff/side-by-side.ts'
import { useWidth } from '../diff/use-width.ts'
import { useSessionAccess, type PageView } from '../session-hooks.ts'
import { ConversationColumn } from './conversation-column.tsx'
import { PanelTabs } from './panel-tabs.tsx'
import { tabsFor, Timeline } from './panels.tsx'
import { WideningContext } from './widening.ts'

const storage: LayoutStorage = { getItem: readStored, setItem: store }

const DEFAULT_SHARES = { left: 26, middle: 44, right: 30 }
/** What the conversation keeps when the left panel is made wide, where both have room. */
const MIDDLE_PX = 360

/** Three columns whose widths are remembered, and the timeline along the bottom. */
export function WideLayout({ view }: { view: PageView | undefined }) {
  const { shareToken } = useSessionAccess()
  const file = useOpenedFile()
  const wanted = file === null ? null : { id: 'files', because: file.path }
  const { left, right } = tabsFor(shareToken)
  const panelIds = left.length > 0 ? ['left', 'middle', 'right'] : ['middle', 'right']
  const layout = useDefaultLayout({ id: left.length > 0 ? 'session' : 'shared', panelIds, storage })
  const group = useGroupRef()
  const leftPanel = usePanelRef()
  const rightPanel = usePanelRef()
  const [isLeftOpen, setLeftOpen] = useState(true)
  const [isRightOpen, setRightOpen] = useState(true)
  const [hasTimeline, setTimeline] = useState(() => readStored('timeline') !== 'no')

  const turn = (panel: typeof leftPanel): void =>
    panel.current?.isCollapsed() === true ? panel.current.expand() : panel.current?.collapse()
  const before = useRef<Layout | null>(null)
  const [middlePx, setMiddlePx] = useState(MIDDLE_PX * 2)
  const isWide = !isRightOpen && middlePx <= MIDDLE_PX + 1
  const columns = useRef<HTMLDivElement>(null)
  const columnsPx = useWidth(columns)
  // Two versions side by side take all there is of a window as wide as a tablet.
  const givesMiddle = columnsPx > 0 && columnsPx < MIDDLE_PX + SIDE_BY_SIDE_PX + 2
  const widening = useMemo(
    () => ({
      isWide,
      turn() {
        if (isWide) {
          group.current?.setLayout(before.current ?? DEFAULT_SHARES)
          return
        }
        before.current = group.current?.getLayout() ?? null
        group.current?.setLayout({ left: 100, middle: 0, right: 0 })
      },
    }),
    [isWide, group],
  )
  const isFileOpen = file !== null
  useEffect(() => {
    if (isFileOpen && leftPanel.current?.isCollapsed() === true) leftPanel.current.expand()
  }, [isFileOpen, leftPanel])
  return (
    <div className="relative flex h-full min-h-0 flex-col overflow-clip">
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
      <Group groupRef={group} elementRef={columns} className="min-h-0 flex-1" {...layout}>
        {left.length > 0 && (
          <>
            <Panel
              id="left"
              panelRef={leftPanel}
              collapsible
              minSize="220px"
              defaultSize={String(DEFAULT_SHARES.left)}
              onResize={({ inPixels }) => setLeftOpen(inPixels > 0)}
            >
              <WideningContext value={widening}>
                <PanelTabs name="left" label="Files and changes" tabs={left} wanted={wanted}>
                  <Toggle
                    icon={isWide ? Minimize2 : Maximize2}
                    label="Wide panel"
                    title={isWide ? 'Make the panel narrow again' : 'Make the panel wide, in place of the terminal'}
                    isOn={isWide}
                    onTurn={widening.turn}
                  />
                </PanelTabs>
              </WideningContext>
            </Panel>
            <Edge label="Width of files and changes" />
          </>
        )}
        <Panel
          id="middle"
          collapsible={givesMiddle}
          minSize={`${MIDDLE_PX}px`}
          defaultSize={String(DEFAULT_SHARES.middle)}
          onResize={({ inPixels }) => setMiddlePx(inPixels)}
        >
          {/* Where it has no room, the keyboard does not go there either. */}
          <div inert={middlePx === 0} className="h-full">
            <ConversationColumn hasMomentBar={!hasTimeline} />
          </div>
        </Panel>
        <Edge label="Width of the terminal" />
        <Panel
          id="right"
          panelRef={rightPanel}
          collapsible
          minSize="240px"
          defaultSize={String(DEFAULT_SHARES.right)}
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

interface ToggleProps {
  icon: LucideIcon
  label: string
  title?: string
  isOn: boolean
  onTurn: () => void
}

function Toggle({ icon: Icon, label, title, isOn, onTurn }: ToggleProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isOn}
      title={title ?? (isOn ? `Hide: ${label}` : `Show: ${label}`)}
      className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground aria-pressed:text-foreground"
      onClick={onTurn}
    >
      <Icon aria-hidden className="size-4" strokeWidth={1.75} />
    </button>
  )
}
