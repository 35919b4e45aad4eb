import { describe, expect, test } from 'vitest';
import { removeApplicationMenu } from '../../main/electron/application-menu.ts';
import { preventContextMenu } from '../../main/electron/context-menu.ts';
import { closeDevtools } from '../../main/electron/devtools.ts';
import { holdZoom } from '../../main/electron/zoom.ts';
import { ContentsStandIn, RecordedLog } from '../support/electron-stand-in.ts';

describe('zoom', () => {
  test('is reset and held whenever a page has come', () => {
    const contents = new ContentsStandIn();
    holdZoom(contents, new RecordedLog());
    for (let load = 0; load < 2; load += 1) contents.events.emit('did-finish-load');
    const once = ['zoom level 0', 'zoom limits 1 to 1'];
    expect(contents.done).toEqual([...once, ...once]);
  });

  test('is reset when somebody turns a wheel', () => {
    const contents = new ContentsStandIn();
    holdZoom(contents, new RecordedLog());
    contents.events.emit('zoom-changed', {}, 'in');
    expect(contents.done).toEqual(['zoom level 0']);
  });

  test('that a page which is gone cannot hold is logged, and ends nothing', async () => {
    class Gone extends ContentsStandIn {
      override setVisualZoomLevelLimits(): Promise<void> {
        return Promise.reject(new Error('The page is gone'));
      }
    }
    const contents = new Gone();
    const log = new RecordedLog();
    holdZoom(contents, log);
    contents.events.emit('did-finish-load');
    await Promise.resolve();
    await Promise.resolve();
    expect(log.lines).toHaveLength(1);
  });
});

describe('menus', () => {
  test('a long press brings up nothing', () => {
    const contents = new ContentsStandIn();
    preventContextMenu(contents);
    expect(contents.goesOn('context-menu')).toBe(false);
  });

  test('the application has none', () => {
    let menu: unknown = 'the default of Electron';
    removeApplicationMenu({ setApplicationMenu: (none) => (menu = none) });
    expect(menu).toBeNull();
  });
});

describe('devtools', () => {
  test('close as soon as they open', () => {
    const contents = new ContentsStandIn();
    const log = new RecordedLog();
    closeDevtools(contents, log);
    contents.events.emit('devtools-opened');
    expect(contents.done).toEqual(['close devtools']);
    expect(log.lines).toHaveLength(1);
  });
});
