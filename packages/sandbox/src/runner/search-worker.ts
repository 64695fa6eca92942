// The thread in which a search runs; see search-thread.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { search, type SearchInput } from './search.ts'

parentPort?.postMessage(search((workerData as { search: SearchInput }).search))
