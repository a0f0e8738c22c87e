import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The built page goes into the Python package that serves it, so that a user of the wheel needs no Node.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../api/page",
    emptyOutDir: true,
    target: ["chrome123", "firefox125", "safari17.5"],
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": process.env.CACHET_API ?? "http://127.0.0.1:8000" } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
