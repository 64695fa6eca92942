// Plays the same script that the scripted provider plays, over any provider's wire.

import { chooseStep } from '@slipway/agent/model/scripted/choose-step'
import type { Script, ScriptFault, ScriptStep } from '@slipway/agent/model/scripted/script'
import type { RoleName } from '@slipway/core/events'
import type { Brain, DoubleFault, DoubleReply, DoubleRequest } from './brain.ts'

const CHANGING_TOOLS = ['edit_file', 'write_file', 'commit', 'finish']

/**
 * The step is the number of the model's answers in the history; a compacted history starts anew.
 * Faults are counted per role and step in this double, not per session.
 */
export function playScript(script: Script, roleOf: (request: DoubleRequest) => RoleName = guessRole): Brain {
  const played = new Map<string, number>()
  return (request) => {
    const role = roleOf(request)
    const step = chooseStep(script, {
      role,
      ordinal: request.assistantTurns,
      lastResults: request.lastResults.map((result) => ({ ok: !result.failed, output: result.output })),
      lastText: request.lastUserText,
    })
    const key = `${role}/${request.assistantTurns}`
    const count = (played.get(key) ?? 0) + 1
    played.set(key, count)
    const isDue = step.fault !== undefined && (step.fault.times === null || count <= step.fault.times)
    return toReply(step, isDue && step.fault ? step.fault : null)
  }
}

/** A wire does not name roles: tools tell the code role from the explorer, the instructions tell a title from a summary. */
function guessRole(request: DoubleRequest): RoleName {
  if (request.tools.some((tool) => CHANGING_TOOLS.includes(tool))) return 'code'
  if (request.tools.length > 0) return 'explore'
  return /\btitle\b/i.test(request.system) ? 'title' : 'summarise'
}

function toReply(step: ScriptStep, fault: ScriptFault | null): DoubleReply {
  const says = fault?.empty ? { tool_calls: [] } : step
  return {
    ...(says.text === undefined ? {} : { text: says.text }),
    ...(says.reasoning === undefined ? {} : { reasoning: says.reasoning }),
    toolCalls: says.tool_calls.map((call) => ({
      name: call.name,
      ...(call.id === undefined ? {} : { id: call.id }),
      ...(fault?.malformed_args ? { rawInput: JSON.stringify(call.input).slice(0, -1) } : { input: call.input }),
    })),
    ...(step.usage
      ? {
          usage: {
            input: step.usage.input_tokens,
            output: step.usage.output_tokens,
            cacheRead: step.usage.cache_read_tokens,
            cacheWrite: step.usage.cache_write_tokens,
            reasoning: step.usage.reasoning_tokens,
          },
        }
      : {}),
    ...(step.finish === 'length' || step.finish === 'refusal' ? { finish: step.finish } : {}),
    ...(fault ? { fault: toFault(fault) } : {}),
  }
}

function toFault(fault: ScriptFault): DoubleFault {
  return {
    ...(fault.status === undefined ? {} : { status: fault.status }),
    ...(fault.code === undefined ? {} : { code: fault.code }),
    ...(fault.message === undefined ? {} : { message: fault.message }),
    ...(fault.retry_after === undefined ? {} : { retryAfterSeconds: fault.retry_after }),
    ...(fault.reset ? { reset: true as const } : {}),
    ...(fault.stall ? { stall: true as const } : {}),
    ...(fault.overflow ? { overflow: true as const } : {}),
    ...(fault.cut_after === undefined ? {} : { cutAfter: { characters: fault.cut_after, clean: true } }),
    ...(fault.stall_after === undefined ? {} : { stallAfter: fault.stall_after }),
  }
}
