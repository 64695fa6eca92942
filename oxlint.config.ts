// What the linter checks. The dependency rule itself is data, in lint/parts.ts.

import { defineConfig } from 'oxlint'

const tests = ['**/*.test.ts', '**/testing/**', 'packages/*/src/contract/**', 'e2e/**', 'bench/**']

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  jsPlugins: ['./lint/plugin.ts'],
  categories: { correctness: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  // The sample is a project of its own, whose tests are written as its readers would.
  ignorePatterns: ['node_modules', 'coverage', 'apps/web/out', 'apps/web/.next*', '**/fixtures/**', 'apps/server/sample/**'],
  rules: {
    'slipway/dependency-rule': 'error',
    'slipway/no-gateway': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    // PATH is for programs that are started with an otherwise empty environment, the other two for colours on a terminal.
    'node/no-process-env': ['error', { allowedVariables: ['PATH', 'NO_COLOR', 'TERM'] }],
    'eslint/no-console': 'error',
    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'error',
    'vitest/no-conditional-expect': 'off',
    'vitest/require-mock-type-parameters': 'off',
    'vitest/require-to-throw-message': 'off',
    // Text from outside is cleaned by its control characters here.
    'eslint/no-control-regex': 'off',
    'eslint/no-misleading-character-class': 'off',
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'unicorn/no-new-array': 'off',
    // A copy is what one iterates over while the original changes.
    'unicorn/no-useless-spread': 'off',
    'vitest/expect-expect': 'off',
    'vitest/valid-expect': 'off',
    'typescript/no-meaningless-void-operator': 'off',
    'typescript/require-array-sort-compare': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/no-misused-spread': 'off',
    // Objects of functions here are closures; none of them needs its `this`.
    'typescript/unbound-method': 'off',
    'typescript/restrict-template-expressions': 'off',
  },
  overrides: [
    {
      files: ['packages/core/src/**/*.ts'],
      excludeFiles: ['**/*.test.ts', '**/testing/**'],
      rules: { 'slipway/pure-core': 'error' },
    },
    {
      files: ['*.config.ts', 'lint/plugin.ts', 'scripts/test/report.ts', 'apps/web/*.config.{ts,mjs}', 'apps/web/src/app/**/*.tsx'],
      rules: { 'import/no-default-export': 'off' },
    },
    // The environment is read in one place; programs and scripts hand it over.
    {
      files: ['apps/cli/src/**', 'apps/server/src/runtime.ts', 'apps/web/*.ts', 'scripts/**', ...tests],
      rules: { 'node/no-process-env': 'off' },
    },
    { files: ['apps/cli/**', 'apps/web/*.ts', 'scripts/**', ...tests], rules: { 'eslint/no-console': 'off' } },
  ],
})
