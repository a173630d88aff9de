const jestJupyterLab = require('@jupyterlab/testing/lib/jest-config');

const baseConfig = jestJupyterLab(__dirname);

module.exports = {
  ...baseConfig,
  collectCoverageFrom: [
    'src/**/*.{ts,tsx}',
    '!src/**/__tests__/**',
    '!src/model/generated/**'
  ],
  coverageReporters: ['lcov', 'text-summary'],
  moduleNameMapper: {
    ...baseConfig.moduleNameMapper,
    // in jsdom the browser's build would be taken, which jest cannot read
    '^yaml$': require.resolve('yaml')
  },
  reporters: ['default', 'github-actions'],
  setupFilesAfterEnv: ['<rootDir>/jest-setup.ts'],
  testPathIgnorePatterns: ['/lib/', '/node_modules/', '/ui-tests/'],
  testRegex: 'src/.*/.*.spec.ts[x]?$',
  transform: {
    ...baseConfig.transform,
    // `tsc -p tsconfig.test.json` checks the types, once for all files.
    '^.+\\.tsx?$': [
      'ts-jest/legacy',
      { tsconfig: './tsconfig.test.json', diagnostics: false }
    ]
  }
};
