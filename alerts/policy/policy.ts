import { type AssetType, unknownMode } from '../../core/catalogue.ts'
import type { DeviceAlarm } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'
import { countOver, isCalm, isStopped, majorityMode, newAlarm, remember } from './alarm.ts'
import type { DecisionReason, Judgement } from './decision.ts'
import { type Plant, quietPlant } from './plant.ts'
import { predictionOf } from './prediction.ts'
import type { PolicySettings } from './settings.ts'
import { extendTrail } from './trail.ts'

/** While an alarm stands, its ticket is sent fresh evidence at most every so many scored windows. */
export const evidenceEvery = 6

/** One score to judge: what was remembered before it, what is remembered with it. */
interface Case {
  readonly before: DeviceAlarm
  readonly after: DeviceAlarm
  readonly score: Score
  readonly settings: PolicySettings
  readonly plant: Plant
  readonly now: number
}

/** Answers the cases that are its business; the others pass on to the next stage. */
type Stage = (c: Case) => Judgement | undefined

/** The policy: the first stage that answers decides. */
const stages: readonly Stage[] = [
  skipOtherRoles,
  skipJudged,
  holdMuted,
  holdReBaselining,
  raiseWhenPersistent,
  holdWhileQuiet,
  clearWhenCalm,
  reviseMode,
  refreshEvidence,
  holdWhileRaised,
]

/**
 * Judges one score of one device. Pure: the same alarm, score and settings give the same judgement; `now` (ms) only
 * dates the prediction; `plant` says what goes on around the device. Scores of a device come oldest first; one that is not newer than `judgedUntil` changes nothing.
 */
export function judge(
  alarm: DeviceAlarm | undefined,
  score: Score,
  type: AssetType,
  settings: PolicySettings,
  now: number,
  plant: Plant = quietPlant,
): Judgement {
  const before = alarm ?? newAlarm(score.device)
  const c: Case = { before, after: remember(before, score, type, settings), score, settings, plant, now }
  for (const stage of stages) {
    const judgement = stage(c)
    if (judgement) return withTrail(c, judgement)
  }
  throw new Error('the last stage of the policy answers every case')
}

/**
 * Every decision is told in the trail, but that about a window which changes nothing. The alarm was made for this very
 * case: it is completed in place, for a copy more a window would be a third of what judging costs.
 */
function withTrail({ before, score }: Case, judgement: Judgement): Judgement {
  const { alarm, decision } = judgement
  if (alarm === before) return judgement
  const told: { trail?: DeviceAlarm['trail'] } = alarm
  told.trail = extendTrail(before.trail, decision, score.windowEnd)
  return judgement
}

function skipOtherRoles({ before, score }: Case): Judgement | undefined {
  return score.role === 'champion' ? undefined : hold(before, 'not_champion')
}

function skipJudged({ before, score }: Case): Judgement | undefined {
  return score.windowEnd > before.judgedUntil ? undefined : hold(before, 'already_judged')
}

/** While somebody works on a machine, what it measures says nothing about its wear. */
function holdMuted({ before, score, plant }: Case): Judgement | undefined {
  if (isStopped(before, score.windowEnd)) return passOver(before, score, 'muted', 'planned stop')
  const maintenance = plant.maintenance(score)
  if (!maintenance) return undefined
  return passOver(
    before,
    score,
    'muted',
    `maintenance ${maintenance.id}: ${maintenance.reason.slice(0, 100)}`,
  )
}

/**
 * A window that reaches back behind a repair tells of the machine that was, or of the step between the two: it counts
 * neither for nor against. So the renewed machine is judged by no less than a whole window's minimum of its own rows.
 */
function holdReBaselining({ before, score }: Case): Judgement | undefined {
  const { renewedAt } = before
  const first = score.evidence.times[0]
  if (renewedAt === undefined || first === undefined || first > renewedAt) return undefined
  return passOver(before, score, 're_baselining')
}

/**
 * k of the last n scored windows over the threshold, the newest among them: a raise that was held must not come with a
 * window that argues against it. A gap counts nothing, it makes no scored windows.
 */
function raiseWhenPersistent(c: Case): Judgement | undefined {
  if (c.after.raised || !c.after.recent.at(-1) || countOver(c.after) < c.settings.k) return undefined
  const over = c.after.windows.filter((_, i) => c.after.recent[i])
  return send(c, 'raise', 'persistent', majorityMode(over).mode)
}

function holdWhileQuiet({ after }: Case): Judgement | undefined {
  if (after.raised) return undefined
  return hold(after, after.recent.at(-1) ? 'not_persistent' : 'below_threshold')
}

/** Hysteresis: what raised the alarm has to be gone for n windows, and by a margin. */
function clearWhenCalm({ after, settings }: Case): Judgement | undefined {
  if (!isCalm(after, settings)) return undefined
  const alarm = { ...after, raised: false, raisedAt: null, mode: null, sinceSent: 0 }
  return { alarm, decision: { kind: 'clear', reason: 'all_calm' } }
}

/** Another mode revises the ticket when k windows agree on it; knowing less than before (`unknown`) does not. */
function reviseMode(c: Case): Judgement | undefined {
  const alarming = c.after.windows.filter((w) => w.failureProbability >= c.settings.clearBelow)
  const { mode, votes } = majorityMode(alarming)
  if (votes < c.settings.k || mode === c.after.mode || mode === unknownMode) return undefined
  return send(c, 'update', 'mode_changed', mode)
}

/** A calm window argues for nothing: the ticket keeps the evidence that does. */
function refreshEvidence(c: Case): Judgement | undefined {
  if (c.after.sinceSent < evidenceEvery || c.score.failureProbability < c.settings.clearBelow)
    return undefined
  return send(c, 'update', 'fresh_evidence', c.after.mode ?? unknownMode)
}

function holdWhileRaised({ after, score, settings }: Case): Judgement {
  return hold(after, score.failureProbability < settings.raiseAt ? 'calming' : 'still_raised')
}

/** The window is judged, and leaves no mark on what is remembered. */
const passOver = (before: DeviceAlarm, score: Score, reason: DecisionReason, detail?: string): Judgement => ({
  alarm: { ...before, judgedUntil: score.windowEnd },
  decision: { kind: 'hold', reason, ...(detail !== undefined && { detail }) },
})

const hold = (alarm: DeviceAlarm, reason: DecisionReason): Judgement => ({
  alarm,
  decision: { kind: 'hold', reason },
})

function send(c: Case, kind: 'raise' | 'update', reason: DecisionReason, mode: string): Judgement {
  const { score, after, now } = c
  const raisedAt = after.raisedAt ?? score.windowEnd
  const prediction = predictionOf(score, { mode, raisedAt, reason, now })
  const alarm = { ...after, raised: true, raisedAt, mode, lastSent: score.windowEnd, sinceSent: 0 }
  return { alarm, decision: { kind, reason, prediction } }
}
