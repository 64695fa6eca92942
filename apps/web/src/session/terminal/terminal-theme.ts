import type { ITheme } from '@xterm/xterm'

const light: ITheme = {
  background: '#f8f9fb',
  foreground: '#1c2027',
  cursor: '#f8f9fb',
  cursorAccent: '#f8f9fb',
  selectionBackground: '#c9d8f8',
  black: '#24292f',
  red: '#b3261e',
  green: '#1a6b35',
  yellow: '#7a5200',
  blue: '#1f57b8',
  magenta: '#8a3a9c',
  cyan: '#0b6673',
  white: '#5c6470',
  brightBlack: '#5c6470',
  brightRed: '#c4382f',
  brightGreen: '#237a41',
  brightYellow: '#8a6000',
  brightBlue: '#2f68cc',
  brightMagenta: '#9a48ad',
  brightCyan: '#117685',
  brightWhite: '#24292f',
}

const dark: ITheme = {
  background: '#0f1114',
  foreground: '#e3e5e9',
  cursor: '#0f1114',
  cursorAccent: '#0f1114',
  selectionBackground: '#2c4370',
  black: '#4a505a',
  red: '#f28b82',
  green: '#7fd196',
  yellow: '#e8c46a',
  blue: '#8ab4f8',
  magenta: '#d7a5e8',
  cyan: '#74cfdc',
  white: '#c8ccd2',
  brightBlack: '#9097a3',
  brightRed: '#f6aea7',
  brightGreen: '#a3e0b3',
  brightYellow: '#f0d898',
  brightBlue: '#aecbfa',
  brightMagenta: '#e5c3f0',
  brightCyan: '#a0e0e9',
  brightWhite: '#f3f4f6',
}

export function terminalTheme(theme: string | undefined): ITheme {
  return theme === 'dark' ? dark : light
}
