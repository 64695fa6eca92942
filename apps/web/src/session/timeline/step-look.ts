import {
  Bot,
  CircleStop,
  CircleUser,
  Flag,
  GitCommitHorizontal,
  HelpCircle,
  History,
  Package,
  SendHorizontal,
  ShieldCheck,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react'
import { lineOf } from '../conversation/tools.ts'
import type { Step, StepKind } from './steps.ts'

const ICONS: Record<Exclude<StepKind, 'tool'>, LucideIcon> = {
  task: Flag,
  message: CircleUser,
  thought: Bot,
  workspace: Package,
  ask: HelpCircle,
  commit: GitCommitHorizontal,
  verification: ShieldCheck,
  publish: SendHorizontal,
  trouble: TriangleAlert,
  restore: History,
  end: CircleStop,
}

export function iconOf({ kind, tool }: Step): LucideIcon {
  return kind === 'tool' ? lineOf({ tool: tool ?? '', input: {}, finished: null }).icon : ICONS[kind]
}

/** Colour of its icon. */
export function toneOf({ kind, isBad }: Step): string {
  if (isBad) return 'text-danger-text'
  if (kind === 'message' || kind === 'task' || kind === 'ask') return 'text-accent-text'
  if (kind === 'verification' || kind === 'publish' || kind === 'commit') return 'text-success-text'
  return 'text-muted'
}
