import { JOB_GROUPS } from '../model/phase';
import type { IJobsSnapshot } from '../tokens';
import type { JobChoice } from '../views/compose/AfterSection';

/** The known jobs of a gateway, for which another of it can wait. */
export function jobChoices(
  snapshot: IJobsSnapshot,
  gatewayId: string
): readonly JobChoice[] {
  return JOB_GROUPS.flatMap(group => snapshot.groups[group].rows)
    .filter(row => row.gateway_id === gatewayId)
    .map(({ id, name, phase, substate }) => ({ id, name, phase, substate }));
}

/** Whether nothing differs that a form shows: rows change far more often. */
export function areSameChoices(
  some: readonly JobChoice[],
  others: readonly JobChoice[]
): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const { id, name, phase, substate } = others[at];
      return (
        one.id === id &&
        one.name === name &&
        one.phase === phase &&
        one.substate === substate
      );
    })
  );
}
