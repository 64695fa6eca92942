// Providers of models and what is used around them.

import { assigned, token } from './secret-rule.ts'
import type { SecretRule } from './secret-rule.ts'

export const modelRules: SecretRule[] = [
  token('anthropic-key', ['sk-ant-'], 'sk-ant-[a-z]{2,6}[0-9]{2}-[A-Za-z0-9_\\-]{60,}', 3),
  token(
    'openai-key',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-none-', 't3blbkfj'],
    'sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_\\-]{40,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
    3,
  ),
  token('secret-key-with-sk', ['sk-'], 'sk-(?:[A-Za-z0-9]{48}|[0-9a-f]{32})', 3.2),
  token('openrouter-key', ['sk-or-'], 'sk-or-v1-[0-9a-f]{64}', 3),
  token('hugging-face-token', ['hf_', 'api_org_'], 'hf_[A-Za-z0-9]{34,}|api_org_[A-Za-z0-9]{34}', 3),
  token('replicate-token', ['r8_'], 'r8_[A-Za-z0-9]{37}', 3),
  token('groq-key', ['gsk_'], 'gsk_[A-Za-z0-9]{48,}', 3),
  token('perplexity-key', ['pplx-'], 'pplx-[A-Za-z0-9]{40,}', 3),
  token('xai-key', ['xai-'], 'xai-[A-Za-z0-9]{70,}', 3),
  token('nvidia-key', ['nvapi-'], 'nvapi-[A-Za-z0-9_\\-]{60,}', 3),
  token('tavily-key', ['tvly-'], 'tvly-(?:dev-|prod-)?[A-Za-z0-9]{30,}', 3),
  token('langsmith-key', ['lsv2_'], 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}', 3),
  token('langfuse-key', ['sk-lf-'], 'sk-lf-[0-9a-f\\-]{36}', 2.8),
  token('pinecone-key', ['pcsk_'], 'pcsk_[A-Za-z0-9_]{50,}', 3),
  token('fireworks-key', ['fw_'], 'fw_[A-Za-z0-9]{22,26}', 3.3),
  token('elevenlabs-key', ['sk_'], 'sk_[0-9a-f]{48}', 3),
  token('cerebras-key', ['csk-'], 'csk-[a-z0-9]{48}', 3),
  assigned('cohere-key', ['cohere', 'co_api_key'], '(?:cohere[a-z0-9_.\\- ]{0,8}|co_api_)key', '[A-Za-z0-9]{40}', 3.3),
  assigned('mistral-key', ['mistral'], 'mistral[a-z0-9_.\\- ]{0,8}key', '[A-Za-z0-9]{32}', 3.3),
  assigned('together-key', ['together'], 'together[a-z0-9_.\\- ]{0,8}key', '[0-9a-f]{64}'),
  assigned('wandb-key', ['wandb'], 'wandb[a-z0-9_.\\- ]{0,8}key', '[0-9a-f]{40}'),
  assigned(
    'azure-openai-key',
    ['azure', 'cognitive'],
    '(?:azure[_\\-]?openai|cognitive[_\\-]?services?)[a-z0-9_.\\- ]{0,12}key',
    '[0-9a-f]{32}|[A-Za-z0-9]{84}',
  ),
]
