import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** What each room may not import: dependencies point one way, model <- components, model <- steps <- cli. */
const forbidden = {
  model: [
    "@pulumi/*",
    "@pulumiverse/*",
    "node:*",
    "!node:crypto",
    "fs",
    "net",
    "child_process",
    "**/components/**",
    "**/steps/**",
    "**/cli/**",
    "**/config",
  ],
  components: [
    "node:fs",
    "node:fs/*",
    "fs",
    "**/cli/**",
    "**/config",
    "**/scripts/**",
    "**/lab/**",
  ],
  steps: [
    "@pulumi/*",
    "@pulumiverse/*",
    "**/components/**",
    "**/cli/**",
    "**/config",
    "**/scripts/**",
    "**/lab/**",
  ],
  cli: [
    "@pulumi/*",
    "@pulumiverse/*",
    "**/components/**",
    "**/config",
    "**/scripts/**",
    "**/lab/**",
  ],
  "sdks/talos": ["**/model/**", "**/components/**", "**/steps/**", "**/cli/**", "**/config"],
  scripts: ["**/components/**", "**/config"],
};

const rooms = Object.entries(forbidden).map(([room, patterns]) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: patterns, message: `Not from ${room}/: see docs/architecture.md, "Rooms".` },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: ["node_modules/**", ".tools/**", ".lab/**", "coverage/**", "docs/api/**", "**/*.mjs"],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    plugins: { "@pulumi": pulumi },
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["error", { max: 300 }],
    },
  },
  ...rooms,
  {
    // A step is run as a command line: of the steps a component knows only how that line is written.
    files: ["components/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: forbidden.components,
              message: 'Not from components/: see docs/architecture.md, "Rooms".',
            },
            {
              group: ["**/steps/*", "!**/steps/command-line"],
              message: "Components call a step as a command line: import steps/command-line only.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test"] }] },
      ],
    },
  },
);
