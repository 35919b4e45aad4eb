import type { WebPreferences } from 'electron';

export interface WebPreferenceOptions {
  /** The built `preload.cjs`, as an absolute path. */
  readonly preload: string;
  readonly isProduction: boolean;
}

/** The preferences of every window, spelled out also where they are Electron's own, so that none can change unseen. */
export function webPreferences({ preload, isProduction }: WebPreferenceOptions): WebPreferences {
  return {
    preload,
    // SECURITY: #2 the page has no Node, nor has a worker or a frame of it.
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    // SECURITY: #3 the page cannot reach what the preload works with.
    contextIsolation: true,
    // SECURITY: #4 the page's process can do what the operating system allows a sandbox, and no more.
    sandbox: true,
    // SECURITY: #6 the same-origin policy holds.
    webSecurity: true,
    // SECURITY: #8 nothing insecure runs in a secure page.
    allowRunningInsecureContent: false,
    // SECURITY: #9 nothing that Chromium still tries out.
    // SECURITY: #10 nor one such feature by its name: `enableBlinkFeatures` is not there.
    experimentalFeatures: false,
    // SECURITY: #11 #12 there is no webview.
    webviewTag: false,
    // SECURITY: #13 a dropped file is not opened.
    navigateOnDragDrop: false,
    plugins: false,
    enableWebSQL: false,
    enableDeprecatedPaste: false,
    // The page has dialogs of its own; a system's would stop it, countdowns included, until somebody answers.
    disableDialogs: true,
    safeDialogs: true,
    spellcheck: false,
    // Countdowns and pushes go on while the customer's display covers the window.
    backgroundThrottling: false,
    devTools: !isProduction,
  };
}
