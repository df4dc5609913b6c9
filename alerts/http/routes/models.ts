import { ForewarnError } from '../../../core/errors.ts'
import { type App, answers } from '../app.ts'
import type { ModelComparison, ServerDeps } from '../deps.ts'
import {
  assetModels,
  type Comparison,
  comparisonAnswer,
  modelDecision,
  modelList,
  modelParams,
  modelWatch,
  promoteBody,
  rollbackBody,
  versionBody,
} from '../schemas/models.ts'

const tags = ['models']

/** Versions of the models, which of them are in force, and the decisions about them. */
export function modelRoutes(app: App, { catalogue, models }: ServerDeps): void {
  const { registry, referee } = models
  const look = async (assetType: string) => ({
    assetType,
    ...(await registry.inForce(assetType)),
    versions: await registry.versions(assetType),
    decisions: await registry.decisions(assetType),
  })

  function known(assetType: string): string {
    if (!catalogue.has(assetType)) throw new ForewarnError('NOT_FOUND', { path: `/api/models/${assetType}` })
    return assetType
  }

  app.get(
    '/api/models',
    { schema: { tags, summary: 'The models of every asset type', response: answers(modelList) } },
    async () => ({ models: await Promise.all([...catalogue.keys()].map(look)) }),
  )

  app.get(
    '/api/models/:assetType',
    {
      schema: {
        tags,
        summary: 'The versions of an asset type, those in force, and who decided so',
        params: modelParams,
        response: answers(assetModels),
      },
    },
    ({ params: { assetType } }) => look(known(assetType)),
  )

  app.get(
    '/api/models/:assetType/comparison',
    {
      schema: {
        tags,
        summary:
          'Challenger against champion on every window that both have scored and whose outcome is known',
        params: modelParams,
        response: answers(comparisonAnswer),
      },
    },
    async ({ params: { assetType } }) => ({
      comparison: viewComparison(await referee.compare(known(assetType))),
    }),
  )

  app.get(
    '/api/models/:assetType/watch',
    {
      schema: {
        tags,
        summary:
          'How the champion does: drift against training, coverage of past intervals, precision by mode',
        params: modelParams,
        response: answers(modelWatch),
      },
    },
    async ({ params: { assetType } }) => ({
      assetType: known(assetType),
      champion: (await registry.inForce(assetType)).champion,
      drift: models.drift(assetType) ?? null,
      trackRecord: (await models.trackRecord(assetType))!,
    }),
  )

  app.post(
    '/api/models/:assetType/promote',
    {
      schema: {
        tags,
        summary: 'Put a version in force: the challenger where it forecasts better, another one by force',
        params: modelParams,
        body: promoteBody,
        response: answers(modelDecision),
      },
    },
    ({ params: { assetType }, body: { version: hash, ...wish } }) =>
      referee.promote(known(assetType), { ...wish, hash }),
  )

  const aboutVersion = [
    { path: 'challenge', action: 'challenged', summary: 'Let a version score in the shadow' },
    { path: 'withdraw', action: 'withdrawn', summary: 'End the challenge of a version' },
  ] as const
  for (const { path, action, summary } of aboutVersion) {
    app.post(
      `/api/models/:assetType/${path}`,
      { schema: { tags, summary, params: modelParams, body: versionBody, response: answers(modelDecision) } },
      ({ params: { assetType }, body: { version: hash, actor, reason } }) =>
        registry.decide(known(assetType), { action, hash, actor, reason }),
    )
  }

  app.post(
    '/api/models/:assetType/rollback',
    {
      schema: {
        tags,
        summary: 'Put the champion before the present one in force again',
        params: modelParams,
        body: rollbackBody,
        response: answers(modelDecision),
      },
    },
    ({ params: { assetType }, body }) =>
      registry.decide(known(assetType), { action: 'rolled_back', ...body }),
  )
}

/** JSON has no NaN. */
function viewComparison(comparison: ModelComparison | null): Comparison | null {
  if (comparison === null) return null
  const known = (value: number) => (Number.isFinite(value) ? value : null)
  const { champion, challenger, gain, gainLow, gainHigh } = comparison
  return {
    ...comparison,
    champion: known(champion),
    challenger: known(challenger),
    gain: known(gain),
    gainLow: known(gainLow),
    gainHigh: known(gainHigh),
  }
}
