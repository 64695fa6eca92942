import { Bell, Box, CircleDollarSign, Cpu, KeyRound, Plug, SunMoon, UserRound, type LucideIcon } from 'lucide-react'

export interface SettingsSection {
  /** After `#` in the address. */
  id: 'profile' | 'models' | 'sandbox' | 'budgets' | 'connections' | 'keys' | 'notifications' | 'appearance'
  name: string
  icon: LucideIcon
}

export const sections: readonly SettingsSection[] = [
  { id: 'profile', name: 'Profile', icon: UserRound },
  { id: 'models', name: 'Models and roles', icon: Cpu },
  { id: 'sandbox', name: 'Sandbox', icon: Box },
  { id: 'budgets', name: 'Budgets', icon: CircleDollarSign },
  { id: 'connections', name: 'Connections', icon: Plug },
  { id: 'keys', name: 'API keys', icon: KeyRound },
  { id: 'notifications', name: 'Notifications', icon: Bell },
  { id: 'appearance', name: 'Appearance', icon: SunMoon },
]
