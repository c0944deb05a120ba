/**
 * @param {string} name
 * @returns {import('jest').Config}
 */
const project = (name) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/build/', '<rootDir>/.cache/'],
})

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript' },
    transform: { verbatimModuleSyntax: true },
  },
  sourceMaps: 'inline',
}

/** @type {import('jest').Config} */
export default {
  // Timeouts and workers differ by project but are global options of Jest: `npm test` sets them.
  projects: ['unit', 'conformance', 'integration', 'integrity'].map(project),
}
