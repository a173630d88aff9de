const jestJupyterLab = require('@jupyterlab/testing/lib/jest-config');

// Times that tests read are those of one zone, wherever they run.
process.env.TZ = 'UTC';

const baseConfig = jestJupyterLab(__dirname);

// Packages that come as modules of a kind that jest does not read.
const esModules = [
  '@codemirror',
  '@jupyter',
  '@jupyterlab',
  '@marijn',
  '@microsoft',
  '@rjsf',
  'color',
  'exenv-es6',
  'lib0',
  'lodash-es',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
];

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
  modulePathIgnorePatterns: ['/.venv/', '/jupyterlab_batch/labextension/'],
  reporters: ['default', 'github-actions'],
  setupFilesAfterEnv: ['<rootDir>/jest-setup.ts'],
  testTimeout: 30_000,
  testPathIgnorePatterns: ['/lib/', '/node_modules/', '/ui-tests/'],
  testRegex: 'src/.*/.*.spec.ts[x]?$',
  transform: {
    ...baseConfig.transform,
    // `tsc -p tsconfig.test.json` checks the types, once for all files.
    '^.+\\.tsx?$': [
      'ts-jest/legacy',
      { tsconfig: './tsconfig.test.json', diagnostics: false }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})).+`]
};
