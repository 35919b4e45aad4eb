import type { VNode } from 'preact';

export function OrderScreen({ clientSn }: { readonly clientSn: string }): VNode {
  return (
    <main class="screen order-screen">
      <h1>{clientSn}</h1>
    </main>
  );
}
