import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.venvs/', '**/*.generated.*', 'test/fixtures/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: 'tsconfig.test.json' } },
    rules: {
      // Numbers in messages are what a budget is about.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `onExceed` and `unpriced` read best compared to their literal values.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
);
