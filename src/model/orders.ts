import type { ActionInput, Capabilities, Gateway, JobRow } from './contract';

/** What can be ordered for one job beside ending and forgetting it. */
export type JobOrder = Exclude<
  ActionInput['action'],
  'cancel' | 'forget' | 'resubmit'
>;

/** An order, other terms, or a signal. */
export type Act = JobOrder | 'change' | 'signal';

/** What a gateway can do to a job that is not over. */
export type Orders = Pick<
  Capabilities,
  'hold' | 'suspend' | 'requeue' | 'signal' | 'changes' | 'task_orders'
>;

/** What each gateway can do, by its id. */
export type GatewayOrders = ReadonlyMap<string, Orders>;

const NONE: Orders = Object.freeze({
  hold: false,
  suspend: false,
  requeue: false,
  signal: false,
  changes: [],
  task_orders: false
});

/** Collect what each gateway can do to a job that is not over. */
export function ordersOf(gateways: readonly Gateway[]): GatewayOrders {
  return new Map(gateways.map(({ id, capabilities }) => [id, capabilities]));
}

/** What the gateway of a job can do to it; nothing if the gateway is not known. */
export function ordersFor(
  row: Pick<JobRow, 'gateway_id'> | undefined,
  gateways: GatewayOrders
): Orders {
  return (row && gateways.get(row.gateway_id)) ?? NONE;
}

/** Tell whether something makes sense for a job as it is now, and its gateway can do it. */
export function canAct(
  act: Act,
  { phase, substate }: Pick<JobRow, 'phase' | 'substate'>,
  can: Orders
): boolean {
  if (substate === 'cancelling') {
    return false;
  }
  const hasStarted = phase === 'EXECUTING' || phase === 'SUSPENDED';
  const waits = phase === 'QUEUED' || phase === 'HELD';
  switch (act) {
    case 'hold':
      return can.hold && phase === 'QUEUED';
    case 'release':
      return can.hold && phase === 'HELD';
    case 'suspend':
      return can.suspend && phase === 'EXECUTING';
    case 'resume':
      return can.suspend && phase === 'SUSPENDED';
    case 'requeue':
      return can.requeue && hasStarted;
    case 'change':
      return can.changes.length > 0 && (hasStarted || waits);
    case 'signal':
      return can.signal && phase === 'EXECUTING';
  }
}
