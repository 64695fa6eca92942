// What the linter checks. The dependency rule itself is data, in lint/parts.ts.

import { defineConfig } from 'oxlint'

const tests = ['**/*.test.ts', '**/testing/**', 'e2e/**', 'bench/**']

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  jsPlugins: ['./lint/plugin.ts'],
  categories: { correctness: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['node_modules', 'coverage', '**/fixtures/**'],
  rules: {
    'slipway/dependency-rule': 'error',
    'slipway/no-gateway': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    // PATH alone may be read where a program is started with an otherwise empty environment.
    'node/no-process-env': ['error', { allowedVariables: ['PATH'] }],
    'eslint/no-console': 'error',
    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'error',
    'vitest/no-conditional-expect': 'off',
    'vitest/require-mock-type-parameters': 'off',
    'vitest/require-to-throw-message': 'off',
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
    { files: ['*.config.ts', 'lint/plugin.ts'], rules: { 'import/no-default-export': 'off' } },
    // The environment is read in one place; programs and scripts hand it over.
    { files: ['apps/*/src/main.ts', 'scripts/**', ...tests], rules: { 'node/no-process-env': 'off' } },
    { files: ['apps/cli/**', 'scripts/**', ...tests], rules: { 'eslint/no-console': 'off' } },
  ],
})
