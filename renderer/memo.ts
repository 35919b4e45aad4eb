import { Component, createElement, type FunctionComponent, type VNode } from 'preact';

/** A component that is drawn again only when a property has changed; for the rows of long lists. */
export function memo<Props extends object>(draw: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = Object.keys({ ...next, ...this.props }) as (keyof Props)[];
      return names.some((name) => next[name] !== this.props[name]);
    }

    override render(): VNode {
      return createElement(draw, this.props) as unknown as VNode;
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
