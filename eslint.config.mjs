import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-plugin-prettier/recommended';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** A file imports from its own floor or below, never up. */
const FLOORS = ['model', 'api', 'stores', 'views', 'widgets', 'plugins'];

const NETWORK =
  'Only src/api talks to the server: call a method of IBatchClient.';

/** Folders of src that a floor must not import from, by relative path. */
function folders(names, message, isTypeAllowed = false) {
  return {
    regex: `^(\\.{1,2}/)+(${names.join('|')})(/|$)`,
    message,
    allowTypeImports: isTypeAllowed
  };
}

function packages(regex, message, isTypeAllowed = false) {
  return { regex, message, allowTypeImports: isTypeAllowed };
}

function floor(name, patterns) {
  const above = [...FLOORS.slice(FLOORS.indexOf(name) + 1), 'index'];
  return {
    files: [`src/${name}/**/*.{ts,tsx}`],
    ignores: ['**/__tests__/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(above.length > 0
              ? [folders(above, `${name} stands below: do not import up.`)]
              : []),
            ...patterns
          ]
        }
      ]
    }
  };
}

const floors = [
  floor('model', [
    folders(['tokens'], 'model knows no services.'),
    packages('^[^.]', 'model is pure: no packages.')
  ]),
  floor('api', [
    packages('^(react|@lumino/widgets)', 'api draws nothing.'),
    packages(
      '^@jupyterlab/(?!services|coreutils)',
      'api knows the server only.'
    )
  ]),
  floor('stores', [
    packages('^(react|@lumino/widgets)', 'stores draw nothing.'),
    packages('^@jupyterlab/', 'stores know no application.', true)
  ]),
  floor('views', [
    folders(['api', 'stores'], 'Views get props and callbacks.', true),
    packages(
      '^@jupyterlab/(application|services|docmanager|filebrowser)',
      'Views know no application and no network.',
      true
    )
  ]),
  floor('widgets', [
    packages('^@jupyterlab/application', 'Only plugins know the app.', true)
  ]),
  floor('plugins', [])
];

export default tseslint.config(
  {
    ignores: [
      '**/lib',
      '**/node_modules',
      '**/coverage',
      '**/*.d.ts',
      '.made',
      '.venv',
      '.venv-bench',
      '.venv-bench-slurm',
      '.venv-lsdb',
      '.venv-wheel',
      'jupyterlab_batch',
      'src/model/generated',
      'ui-tests/playwright-report',
      'ui-tests/test-results'
    ]
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // A namespace beside its class holds its options: the custom of JupyterLab.
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-control-regex': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'prefer-arrow-callback': 'error'
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: {
        project: './tsconfig.test.json',
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: false }
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ]
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/api/**', '**/__tests__/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map(
          name => ({
            name,
            message: NETWORK
          })
        )
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Identifier[name=/^(makeRequest|sendBeacon)$/]',
          message: NETWORK
        }
      ]
    }
  },
  {
    files: ['src/views/**/*.{ts,tsx}'],
    ignores: ['**/__tests__/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map(
          name => ({
            name,
            message: NETWORK
          })
        ),
        ...['setTimeout', 'setInterval'].map(name => ({
          name,
          message: 'No timer in a component: a store has one.'
        }))
      ]
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/__tests__/**'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': [
        'error',
        { max: 40, skipBlankLines: true, skipComments: true }
      ]
    }
  },
  {
    // Half of a component is markup, one attribute a line.
    files: ['src/views/**', 'src/widgets/**/*.tsx'],
    ignores: ['**/__tests__/**'],
    rules: {
      'max-lines-per-function': [
        'error',
        { max: 80, skipBlankLines: true, skipComments: true }
      ]
    }
  },
  {
    // One switch over a closed list of codes is one thing, however long the list.
    files: ['src/views/text/**'],
    rules: { 'max-lines-per-function': 'off' }
  },
  ...floors,
  {
    files: ['**/*.{ts,tsx,js,mjs}', '**/schema/*.json'],
    plugins: { jupyter }
  },
  ...jupyter.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { ...globals.node } }
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' }
  },
  {
    files: ['**/__tests__/**', 'jest-setup.ts'],
    languageOptions: { globals: { ...globals.jest, ...globals.node } },
    rules: {
      // What a test calls its things, nobody reads on a screen.
      'jupyter/no-untranslated-string': 'off',
      // No page waits for a test to load.
      'jupyter/prefer-lazy-imports': 'off'
    }
  },
  {
    files: ['ui-tests/**'],
    languageOptions: { globals: { ...globals.node } }
  },
  prettier
);
