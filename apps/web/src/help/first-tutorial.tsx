'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { preferencesOf, useMe } from '../identity/use-me.ts'
import { readStored, store } from '../stored/local.ts'

const TutorialInCorner = dynamic(async () => (await import('./tutorial.tsx')).TutorialInCorner, { ssr: false })
const KEY = 'tutorial'

/** Lets the tutorial open by itself when the sessions are seen next. */
export function offerTutorial(): void {
  store(KEY, 'offered')
}

/** The tutorial, once, for whoever comes from the guide and has not seen it. */
export function FirstTutorial() {
  const { data: me } = useMe()
  const [isOffered, setOffered] = useState(false)
  useEffect(() => setOffered(readStored(KEY) === 'offered'), [])
  if (!isOffered || me === undefined || preferencesOf(me).hasSeenTutorial === true) return null
  const end = (): void => {
    store(KEY, null)
    setOffered(false)
  }
  return <TutorialInCorner onClose={end} />
}
