import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import {
  automationBody,
  automationParams,
  budgetBody,
  budgetPreview,
  policyAnswer,
  policyParams,
  previewQuery,
  settingChange,
  thresholdBody,
} from '../schemas/policy.ts'
import { viewPolicy } from '../views/policy.ts'

const tags = ['policy']

/** How sensitive alarms are, and what they may do by themselves. */
export function policyRoutes(app: App, deps: ServerDeps): void {
  const { budget, automation } = deps.settings

  app.get(
    '/api/policy',
    {
      schema: {
        tags,
        summary: 'Thresholds, budgets and levels of automation in force, and who changed them',
        response: answers(policyAnswer),
      },
    },
    () => viewPolicy(deps),
  )

  app.get(
    '/api/policy/budget/:assetType/preview',
    {
      schema: {
        tags,
        summary:
          'What each threshold would have raised, missed and falsely raised, and which one a budget leads to',
        params: policyParams,
        querystring: previewQuery,
        response: answers(budgetPreview),
      },
    },
    async ({ params: { assetType }, query: { perWeek } }, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      try {
        return await budget.preview(assetType, perWeek, gone.signal)
      } catch (error) {
        // Nobody is there to hear of it.
        if (gone.signal.aborted) return reply.hijack() as never
        throw error
      }
    },
  )

  app.put(
    '/api/policy/budget/:assetType',
    {
      schema: {
        tags,
        summary:
          'Set the tickets a week that planners can work on; the threshold follows, now and once a day',
        params: policyParams,
        body: budgetBody,
        response: answers(settingChange),
      },
    },
    ({ params: { assetType }, body: { perWeek, ...by } }) => budget.set(assetType, perWeek, by),
  )

  app.put(
    '/api/policy/threshold/:assetType',
    {
      schema: {
        tags,
        summary: 'Set the threshold by hand; ends a budget',
        params: policyParams,
        body: thresholdBody,
        response: answers(settingChange),
      },
    },
    ({ params: { assetType }, body: { raiseAt, ...by } }) => budget.setThreshold(assetType, raiseAt, by),
  )

  app.put(
    '/api/policy/automation/:assetType/:mode',
    {
      schema: {
        tags,
        summary: 'Set by hand what alarms of a failure mode may do',
        params: automationParams,
        body: automationBody,
        response: answers(settingChange),
      },
    },
    ({ params, body: { level, ...by } }) => automation.set({ ...params, level }, by),
  )
}
