import type { VNode } from 'preact';
import type { ScreenState } from '../state.ts';

export function CustomerScreen({ state }: { readonly state: ScreenState }): VNode {
  return <main class="customer">{state.connection}</main>;
}
