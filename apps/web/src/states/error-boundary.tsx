'use client'

import { Component, type ReactNode } from 'react'
import { ErrorState } from './error-state.tsx'

interface Props {
  children: ReactNode
  /** What broke, as the beginning of a sentence: `The terminal`. */
  name: string
}

/** Keeps the rest of the page alive when one part of it throws. */
export class ErrorBoundary extends Component<Props, { error: unknown; hasFailed: boolean }> {
  override state = { error: null, hasFailed: false }

  static getDerivedStateFromError(error: unknown) {
    return { error, hasFailed: true }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <ErrorState
        error={this.state.error}
        title={`${this.props.name} stopped working`}
        onRetry={() => this.setState({ error: null, hasFailed: false })}
      />
    )
  }
}
