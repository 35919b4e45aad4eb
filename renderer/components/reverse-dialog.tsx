import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { useTill } from '../till.ts';
import { Dialog } from './dialog.tsx';

export function ReverseDialog({ order }: { readonly order: OrderCard }): VNode {
  const { actions } = useTill();
  return (
    <Dialog title={order.clientSn} onClose={actions.closeQuestion}>
      {order.state}
    </Dialog>
  );
}
