'use client'

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

const NEAR_PX = 48

export interface StickToEnd {
  isAtEnd: boolean
  /** Call when the content grew. */
  follow: () => void
  onScroll: () => void
  goToEnd: () => void
}

/** Keeps a scrolling pane at its end as long as the reader is there, and leaves it alone otherwise. */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, isLive: boolean): StickToEnd {
  const isSticking = useRef(isLive)
  const lastTop = useRef(0)
  const [isAtEnd, setAtEnd] = useState(true)

  // Growing content moves the end away without anybody scrolling; only going up leaves it.
  const notice = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    if (isNear) isSticking.current = true
    else if (element.scrollTop < lastTop.current - 2) isSticking.current = false
    lastTop.current = element.scrollTop
    setAtEnd(isSticking.current)
  }, [scroller])

  const follow = useCallback(() => {
    const element = scroller.current
    if (element === null || !isSticking.current) return
    // Somebody may have scrolled since, and the browser tells of it only with the next frame.
    if (element.scrollTop < lastTop.current - 2) notice()
    if (!isSticking.current) return
    element.scrollTop = element.scrollHeight
    lastTop.current = element.scrollTop
  }, [scroller, notice])

  const goToEnd = useCallback(() => {
    isSticking.current = true
    lastTop.current = 0
    setAtEnd(true)
    follow()
  }, [follow])

  useEffect(() => {
    isSticking.current = isLive
    if (isLive) follow()
  }, [isLive, follow])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(follow)
    observer.observe(element)
    if (element.firstElementChild !== null) for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, follow])

  return { isAtEnd, follow, onScroll: notice, goToEnd }
}
