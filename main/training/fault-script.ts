import { PROTOCOLS, type Call, type Protocol } from './call.ts';
import { faultOf, type FaultName } from './faults.ts';

/** A fault that waits for the calls it was scripted for. */
export interface ScriptedFault {
  readonly fault: FaultName;
  readonly call: Call | 'any';
  /** For how many more matching calls. */
  readonly times: number;
  /** Only for calls about this order; absent means any. */
  readonly clientSn?: string;
  /** What `answer_code` answers. */
  readonly code?: string;
  readonly status?: string;
}

export type FaultScript = ReturnType<typeof faultScript>;

/** The queue of scripted faults: the oldest that matches a call is applied to it and used up. */
export function faultScript() {
  let pending: readonly ScriptedFault[] = [];
  return {
    pending: (): readonly ScriptedFault[] => pending,
    add(entry: ScriptedFault): void {
      pending = [...pending, entry];
    },
    clear(): void {
      pending = [];
    },
    take(protocol: Protocol, call: Call, clientSn: string | null): ScriptedFault | undefined {
      const index = pending.findIndex((entry) => isFor(entry, protocol, call, clientSn));
      const entry = pending[index];
      if (entry === undefined) return undefined;
      const left = entry.times > 1 ? [{ ...entry, times: entry.times - 1 }] : [];
      pending = [...pending.slice(0, index), ...left, ...pending.slice(index + 1)];
      return entry;
    },
  };
}

function isFor(entry: ScriptedFault, protocol: Protocol, call: Call, clientSn: string | null): boolean {
  if (entry.call !== 'any' && entry.call !== call) return false;
  if (entry.clientSn !== undefined && entry.clientSn !== clientSn) return false;
  const { calls, protocols = PROTOCOLS } = faultOf(entry.fault);
  return calls.includes(call) && protocols.includes(protocol);
}
