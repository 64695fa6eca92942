'use client'

import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import { QueryProvider } from '../api/query-provider.tsx'
import { ToastArea } from '../toasts/toast-area.tsx'

export function Providers({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      <QueryProvider>
        {children}
        <ToastArea />
      </QueryProvider>
    </ThemeProvider>
  )
}
