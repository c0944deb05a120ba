import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const bareError = {
  selector:
    'NewExpression[callee.name="Error"], ThrowStatement > CallExpression[callee.name="Error"]',
  message: 'Use a class of src/errors: every failure has a code and a reaction.',
}
const systemClock = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'Take the clock of src/telemetry as a dependency.',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Take the clock of src/telemetry as a dependency.',
  },
]
const consoleOutput = {
  selector: 'MemberExpression[object.name="console"]',
  message: 'Take the logger of src/telemetry as a dependency.',
}

export default defineConfig(
  globalIgnores(['node_modules/', 'dist/', 'build/', 'coverage/', '.cache/']),
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '.*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // An adapter in memory keeps its port's promises without having to wait for anything.
      '@typescript-eslint/require-await': 'off',
      // A literal type that a generic parameter narrows reads as unused to this rule.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', bareError, consoleOutput, ...systemClock] },
  },
  {
    files: ['src/telemetry/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', bareError] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: {
      // JSDoc writes types as import('...'), and the rule does not see its casts.
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
)
