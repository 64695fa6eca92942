// Every route of the API, in the order of the description.

import { installationUsage, listModels } from './installation-routes.ts'
import type { RouteContract } from './route.ts'
import { changeRoutine, createRoutine, deleteRoutine, listRoutines } from './routine-routes.ts'
import {
  answerQuestion,
  createSession,
  exportSession,
  forkSession,
  listSessions,
  readEvents,
  resumeSession,
  sendMessage,
  sessionDiff,
  sessionUsage,
  showSession,
  stopSession,
} from './session-routes.ts'

export const routes: readonly RouteContract[] = [
  createSession,
  listSessions,
  showSession,
  readEvents,
  sendMessage,
  answerQuestion,
  stopSession,
  resumeSession,
  forkSession,
  sessionUsage,
  exportSession,
  sessionDiff,
  createRoutine,
  listRoutines,
  changeRoutine,
  deleteRoutine,
  listModels,
  installationUsage,
]
