#!/usr/bin/env bash
# Builds librlef_torch.so against a libtorch: build.sh OUTPUT-FOLDER. RLEF_LIBTORCH names a libtorch other than Debian's: a folder with include/ and
# lib/, as libtorch's archives have them, and the folder torch of a Python installation. CUDA is used where both have it; its headers are looked for
# in CUDA_HOME, in the usual places, and beside Python's torch.
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
cuda=()
if [ -f "$lib/libtorch_cuda.so" ]; then
  for folder in ${CUDA_HOME:+"$CUDA_HOME/include"} "$lib"/../../nvidia/*/include /usr/local/cuda/include /usr/include; do
    if [ -f "$folder/cuda_runtime_api.h" ]; then
      cuda=(-DRLEF_CUDA -I"$folder")
      break
    fi
  done
  # Python's packages of CUDA lie in a folder a part.
  for part in "$lib"/../../nvidia/*/include; do if [ -d "$part" ]; then cuda+=(-I"$part"); fi; done
  [[ "${cuda[*]:-}" = *-DRLEF_CUDA* ]] || echo "$lib has CUDA, but cuda_runtime_api.h was not found (set CUDA_HOME): policies compute on CUDA without CUDA graphs, and its memory is not counted." >&2
  # No symbol asks for the operators' library: it registers them when it is loaded.
  cuda+=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda -Wl,--as-needed)
fi
mkdir -p "$out"
# The version stands in one of two headers.
version=$(cat "$include/torch/headeronly/version.h" 2>/dev/null || cat "$include/torch/csrc/api/include/torch/version.h")
key=$({ cat "$here/rlef_torch.cpp" "$0"; echo "$version"; } | sha256sum | cut -c1-16)-$lib-${cuda[*]:-}
if [ -f "$out/librlef_torch.so" ] && [ "$(cat "$out/key" 2>/dev/null)" = "$key" ]; then exit 0; fi
# Which of the two layouts of std::string libtorch was built with. grep reads all, for a closed pipe would count as a failure.
abi=$(nm -D "$lib/libc10.so" | grep -c cxx11 >/dev/null && echo 1 || echo 0)
g++ -O2 -std=c++20 -fPIC -shared -fvisibility=hidden -D_GLIBCXX_USE_CXX11_ABI="$abi" -I"$include" -I"$include/torch/csrc/api/include" \
  "$here/rlef_torch.cpp" -o "$out/librlef_torch.so.tmp" -L"$lib" -Wl,-rpath,"$lib" ${cuda[@]+"${cuda[@]}"} -ltorch_cpu -ltorch -lc10
mv "$out/librlef_torch.so.tmp" "$out/librlef_torch.so"
echo "$key" > "$out/key"
