import type { ComponentProps } from 'react'

export interface ButtonProps extends ComponentProps<'button'> {
  /** primary: the one thing to do here. secondary: the others. ghost: among text. danger: what cannot be taken back. */
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger'
  size?: 'sm' | 'md' | 'lg'
  /** Square; give it an aria-label. */
  isIconOnly?: boolean
}

/** HeroUI's look on the browser's own button: 26 KB lighter on every page than its component. */
export function Button({ variant = 'secondary', size = 'md', isIconOnly = false, className = '', type = 'button', ...props }: ButtonProps) {
  return <button type={type} className={`${buttonClass({ variant, size, isIconOnly })} ${className}`} {...props} />
}

/** The same look for links. */
export function buttonClass({
  variant = 'secondary',
  size = 'md',
  isIconOnly = false,
}: Pick<ButtonProps, 'variant' | 'size' | 'isIconOnly'>): string {
  return `button button--${variant} button--${size}${isIconOnly ? ' button--icon-only' : ''}`
}
