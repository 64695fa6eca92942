'use client'

// The parts beside the conversation. Each comes with its own code, when it is looked at for the first time.

import { FileDiff, FolderTree, History, MonitorPlay, ShieldCheck, SquareTerminal, type LucideIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import type { ComponentType } from 'react'
import { SkeletonRows } from '../../states/skeleton.tsx'

const loading = () => <SkeletonRows rows={4} label="this panel" />

const FilesPanel = dynamic(async () => (await import('../files/files-panel.tsx')).FilesPanel, { ssr: false, loading })
const DiffPanel = dynamic(async () => (await import('../diff/diff-panel.tsx')).DiffPanel, { ssr: false, loading })
const SafetyPanel = dynamic(async () => (await import('../safety/safety-panel.tsx')).SafetyPanel, { ssr: false, loading })
const TerminalPanel = dynamic(async () => (await import('../terminal/terminal-panel.tsx')).TerminalPanel, { ssr: false, loading })
const PreviewPanel = dynamic(async () => (await import('../preview/preview-panel.tsx')).PreviewPanel, { ssr: false, loading })
/** Alone it is a strip along the bottom. */
export const Timeline = dynamic(async () => (await import('../timeline/timeline.tsx')).Timeline, { ssr: false })

export interface PanelTab {
  id: string
  name: string
  icon: LucideIcon
  content: ComponentType
}

const files: PanelTab = { id: 'files', name: 'Files', icon: FolderTree, content: FilesPanel }
const changes: PanelTab = { id: 'changes', name: 'Changes', icon: FileDiff, content: DiffPanel }
const safety: PanelTab = { id: 'safety', name: 'Safety', icon: ShieldCheck, content: SafetyPanel }
const terminal: PanelTab = { id: 'terminal', name: 'Terminal', icon: SquareTerminal, content: TerminalPanel }
const preview: PanelTab = { id: 'preview', name: 'Preview', icon: MonitorPlay, content: PreviewPanel }
export const timeline: PanelTab = { id: 'timeline', name: 'Timeline', icon: History, content: Timeline }

/** What a shared link shows comes from its events alone. */
export function tabsFor(shareToken: string | null): { left: readonly PanelTab[]; right: readonly PanelTab[] } {
  return shareToken === null ? { left: [files, changes, safety], right: [terminal, preview] } : { left: [], right: [terminal] }
}
