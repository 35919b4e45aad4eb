import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';

export function OrdersScreen({ text }: { readonly text: string }): VNode {
  const { strings } = useLanguage();
  return (
    <main class="screen orders-screen">
      <h1>
        {text}
        {strings.orders.title}
      </h1>
    </main>
  );
}
