import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type ProxyOptions } from 'vite'
import { mockApi } from './dev/mockApi.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

/** `FOREWARN_API=http://127.0.0.1:8080` serves the page against a running forewarn, otherwise against made-up data. */
const api = process.env.FOREWARN_API

const proxy: Record<string, ProxyOptions> = api
  ? { '/api': { target: api, changeOrigin: true }, '/health': { target: api, changeOrigin: true } }
  : {}

export default defineConfig({
  root,
  plugins: [react(), ...(api ? [] : [mockApi()])],
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
