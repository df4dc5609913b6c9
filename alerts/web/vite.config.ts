import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** The running forewarn that the page talks to while it is developed: `npm run demo`, then `npx vite alerts/web`. */
const target = process.env.FOREWARN_API ?? 'http://127.0.0.1:8080'
const proxy = { '/api': { target, changeOrigin: true }, '/health': { target, changeOrigin: true } }

export default defineConfig({
  root,
  plugins: [react()],
  server: { host: '127.0.0.1', port: 5173, proxy },
  build: {
    outDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    rolldownOptions: {
      output: {
        // What changes with us apart from what changes with the libraries: a browser keeps the second.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'libraries', test: /node_modules\// },
          ],
        },
      },
    },
  },
})
