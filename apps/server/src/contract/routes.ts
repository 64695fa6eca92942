// Every route of the API, in the order of the description.

import { sessionChanges, sessionFile, sessionFiles, sessionOutput } from './file-routes.ts'
import { installationUsage, listModels } from './installation-routes.ts'
import type { RouteContract } from './route.ts'
import { changeRoutine, createRoutine, deleteRoutine, listRoutines } from './routine-routes.ts'
import {
  answerQuestion,
  changeSession,
  createSession,
  exportSession,
  forkSession,
  giveFeedback,
  listSessions,
  readEvents,
  resumeSession,
  rollBackSession,
  searchSessions,
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
  rollBackSession,
  giveFeedback,
  changeSession,
  searchSessions,
  sessionUsage,
  exportSession,
  sessionDiff,
  sessionFiles,
  sessionFile,
  sessionChanges,
  sessionOutput,
  createRoutine,
  listRoutines,
  changeRoutine,
  deleteRoutine,
  listModels,
  installationUsage,
]
