import type { Gateway } from '../model/contract';
import type { IJobsSnapshot } from '../tokens';
import { isOfGateway } from '../views/compose/BeforeSubmit';
import { isWell } from '../views/jobs/Notices';
import { isOfStore } from '../views/text/errorText';

/** Whether the server, or its store, was away and is there again. */
export function isBack(before: IJobsSnapshot, now: IJobsSnapshot): boolean {
  return before.state === 'stale' && now.state === 'live';
}

/** Whether what a submission failed of stands in its way no more. */
export function isOvercome(
  error: Error | null,
  gatewayId: string,
  before: IJobsSnapshot,
  now: IJobsSnapshot
): boolean {
  return isOfStore(error)
    ? isBack(before, now)
    : isOfGateway(error) &&
        isWellAgain(find(before, gatewayId), find(now, gatewayId));
}

function find({ gateways }: IJobsSnapshot, id: string): Gateway | undefined {
  return gateways.find(gateway => gateway.id === id);
}

function isWellAgain(
  before: Gateway | undefined,
  now: Gateway | undefined
): boolean {
  return !!before && !isWell(before) && !!now && isWell(now);
}
