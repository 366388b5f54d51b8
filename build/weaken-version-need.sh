#!/usr/bin/env bash
# Marks the version need GLIBCXX_3.4.32 of an ELF library weak, so that it loads with an older libstdc++; no symbol stands behind that need.
# In Elf64_Vernaux the name's hash (0x0297F842) is followed by vna_flags: 0 becomes 2, VER_FLG_WEAK. A repaired library stays as it is.
set -euo pipefail
library=$1
at=$(LC_ALL=C grep -obUaP '\x42\xF8\x97\x02\x00\x00' "$library" | head -n 1 | cut -d: -f1 || true)
[ -n "$at" ] || exit 0
cp -p "$library" "$library.tmp"
chmod u+w "$library.tmp"
printf '\x02' | dd of="$library.tmp" bs=1 seek=$((at + 4)) conv=notrunc status=none
touch -r "$library" "$library.tmp"
mv -f "$library.tmp" "$library"
