// The arrows of the design: core knows nobody, the stages know core alone, app knows everybody.
const stage = (name, allowed) => ({
  name: `${name}-arrows`,
  severity: 'error',
  from: { path: `^${name}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(core|ingest|models|alerts|edge|app|test)/', pathNot: `^(${[name, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    stage('core', []),
    stage('ingest', ['core']),
    stage('models', ['core']),
    stage('alerts', ['core']),
    stage('edge', ['core', 'models']),
    stage('app', ['core', 'ingest', 'models', 'alerts', 'edge']),
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?(fs|net|http|https|child_process|worker_threads|dgram|os|path)(/|$)' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|alerts/web)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
}
