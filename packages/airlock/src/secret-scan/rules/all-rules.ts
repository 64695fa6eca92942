// Every rule, special ones first: where two find the same place, the first one names it.

import { cloudRules } from './cloud-rules.ts'
import { forgeRules } from './forge-rules.ts'
import { genericRules } from './generic-rules.ts'
import { keyRules } from './key-rules.ts'
import { modelRules } from './model-rules.ts'
import type { SecretRule } from './secret-rule.ts'
import { serviceRules } from './service-rules.ts'

export const allRules: readonly SecretRule[] = [...forgeRules, ...modelRules, ...cloudRules, ...serviceRules, ...keyRules, ...genericRules]
