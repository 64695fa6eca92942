'use client'

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

const NEAR_PX = 48
/** A scroll this soon after a key or a wheel is what it was meant for. */
const INTENT_MS = 500
const UP_KEYS = new Set(['ArrowUp', 'PageUp', 'Home', ' '])

export interface StickToEnd {
  isAtEnd: boolean
  /** Call when the content grew. */
  follow: () => void
  onScroll: () => void
  goToEnd: () => void
  /** Leaves the end until the reader moves by hand or goes back to it. */
  stay: () => void
}

/** Keeps a scrolling pane at its end as long as the reader is there, and leaves it alone otherwise. */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, isLive: boolean): StickToEnd {
  const isSticking = useRef(isLive)
  const isStaying = useRef(false)
  const last = useRef<Seen>({ top: 0, height: 0, movedUpAtMs: Number.NEGATIVE_INFINITY })
  const [isAtEnd, setAtEnd] = useState(true)

  const notice = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    // An earlier moment is looked at where it is, also when that is near the end.
    if (isNear) isSticking.current = isLive && !isStaying.current
    else if (hasLeft(element, last.current)) isSticking.current = false
    last.current = { ...last.current, top: element.scrollTop, height: element.scrollHeight }
    setAtEnd(isSticking.current || isNear)
  }, [scroller, isLive])

  const follow = useCallback(() => {
    const element = scroller.current
    if (element === null || !isSticking.current) return
    // Somebody may have scrolled since, and the browser tells of it only with the next frame.
    if (hasLeft(element, last.current)) return notice()
    element.scrollTop = element.scrollHeight
    last.current = { ...last.current, top: element.scrollTop, height: element.scrollHeight }
  }, [scroller, notice])

  const goToEnd = useCallback(() => {
    isStaying.current = false
    isSticking.current = true
    last.current = { top: 0, height: 0, movedUpAtMs: Number.NEGATIVE_INFINITY }
    setAtEnd(true)
    follow()
  }, [follow])

  const stay = useCallback(() => {
    isStaying.current = true
    isSticking.current = false
  }, [])

  useEffect(() => {
    isStaying.current = false
    isSticking.current = isLive
    if (isLive) follow()
  }, [isLive, follow])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const ended = new AbortController()
    const options = { signal: ended.signal, passive: true }
    const moveUp = (): void => void (last.current.movedUpAtMs = performance.now())
    const move = (): void => void (isStaying.current = false)
    for (const gesture of ['wheel', 'touchmove', 'keydown', 'pointerdown']) element.addEventListener(gesture, move, options)
    element.addEventListener('wheel', (event) => event.deltaY < 0 && moveUp(), options)
    element.addEventListener('touchmove', moveUp, options)
    element.addEventListener('keydown', (event) => UP_KEYS.has(event.key) && moveUp(), options)
    // On the scroll bar.
    element.addEventListener('pointerdown', (event) => event.target === element && moveUp(), options)
    return () => ended.abort()
  }, [scroller])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(follow)
    observer.observe(element)
    if (element.firstElementChild !== null) for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, follow])

  return { isAtEnd, follow, onScroll: notice, goToEnd, stay }
}

interface Seen {
  top: number
  height: number
  movedUpAtMs: number
}

/**
 * Whether somebody went up, away from the end. Rows that are measured move the content as well; that changes its height, and
 * nobody touched anything.
 */
function hasLeft(element: HTMLElement, last: Seen): boolean {
  if (element.scrollTop >= last.top - 2) return false
  return element.scrollHeight === last.height || performance.now() - last.movedUpAtMs < INTENT_MS
}
