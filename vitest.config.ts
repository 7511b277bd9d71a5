import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["harness/**/*.test.ts", "sandbox/**/*.test.ts", "site/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: ["scripts/fixed-draws.ts"],
    // Bounds on what hangs, far beyond what a loaded machine needs: no test may fail because it was slow.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
