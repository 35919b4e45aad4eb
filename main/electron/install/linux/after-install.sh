#!/bin/bash
# Runs as root after the files are in place. electron-builder replaces macros in braces here, so there are none.

sandbox=/opt/Redress/chrome-sandbox
chown root:root "$sandbox" || true
# Asked as an account without rights, because that is what will run the kiosk. Where it may not make a namespace,
# Chromium's sandbox needs the program that makes one for it.
if setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user true 2>/dev/null; then
  chmod 0755 "$sandbox" || true
else
  chmod 4755 "$sandbox" || true
fi

# Since Ubuntu 24 a program may make namespaces only where a profile says so. Older systems cannot read the profile and
# do not need it.
profile=/opt/Redress/resources/apparmor-profile
if [ -f "$profile" ] && apparmor_status --enabled >/dev/null 2>&1; then
  if apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
    cp -f "$profile" /etc/apparmor.d/redress-kiosk
    # An image that is being built has no kernel to load it into.
    if ! { [ -x /usr/bin/ischroot ] && /usr/bin/ischroot; }; then
      apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/redress-kiosk || true
    fi
  fi
fi
