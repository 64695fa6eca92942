// The addresses of previews: one host name for each, below one that no page of ours uses.

export interface PreviewAddresses {
  /** Origin of the preview with this label. */
  originOf(label: string): string
  /** The label that a Host header names; null for any other host, whoever resolves to this machine. */
  labelOf(host: string | undefined): string | null
  /** For the Content-Security-Policy of our own pages: what they may show in a frame. */
  frameSource: string
}

const LABEL = '[0-9a-z]{8,40}'

/** `pattern` is an address with `*` in place of the label, such as `http://*.localhost:3001`. */
export function previewAddresses(pattern: string): PreviewAddresses {
  const { protocol, host } = new URL(pattern.replace('*', 'label'))
  const rest = host.slice('label'.length)
  const named = new RegExp(`^(${LABEL})${RegExp.escape(rest)}$`)
  return {
    originOf: (label) => `${protocol}//${label}${rest}`,
    labelOf: (text) => named.exec(text?.toLowerCase() ?? '')?.[1] ?? null,
    frameSource: `${protocol}//*${rest}`,
  }
}
