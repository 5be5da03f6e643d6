#!/usr/bin/env bash
# Builds librlef_torch.so against a libtorch: build.sh OUTPUT-FOLDER. RLEF_LIBTORCH names a libtorch other than Debian's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
if [ -n "${RLEF_LIBTORCH:-}" ]; then
  include=$RLEF_LIBTORCH/include; lib=$RLEF_LIBTORCH/lib
else
  include=/usr/include; lib=/usr/lib/$(uname -m)-linux-gnu
fi
if [ ! -f "$include/ATen/core/dispatch/Dispatcher.h" ] || ! command -v g++ >/dev/null; then
  echo "error : no libtorch headers in $include, or no g++. Install them: apt-get install libtorch-dev libopenblas0-pthread g++ (or set RLEF_LIBTORCH to a libtorch folder)." >&2
  exit 1
fi
mkdir -p "$out"
key=$(cat "$here/rlef_torch.cpp" "$0" "$include/torch/csrc/api/include/torch/version.h" | sha256sum | cut -c1-16)-$lib
if [ -f "$out/librlef_torch.so" ] && [ "$(cat "$out/key" 2>/dev/null)" = "$key" ]; then exit 0; fi
cuda=""; [ -f "$lib/libtorch_cuda.so" ] && cuda="-Wl,--no-as-needed -ltorch_cuda -Wl,--as-needed"
abi=$(nm -D "$lib/libc10.so" 2>/dev/null | grep -q 'cxx11' && echo 1 || echo 0)
g++ -O2 -std=c++17 -fPIC -shared -fvisibility=hidden -D_GLIBCXX_USE_CXX11_ABI="$abi" -I"$include" -I"$include/torch/csrc/api/include" \
  "$here/rlef_torch.cpp" -o "$out/librlef_torch.so.tmp" -L"$lib" -Wl,-rpath,"$lib" $cuda -ltorch_cpu -ltorch -lc10
mv "$out/librlef_torch.so.tmp" "$out/librlef_torch.so"
echo "$key" > "$out/key"
