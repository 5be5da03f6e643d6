"""Starts dotnet-interactive as a Jupyter kernel: interruptible.py TOOL CONNECTION_FILE.

Jupyter interrupts a kernel by SIGINT to its process group, which would end the tool. So the tool ignores the signal, and hears of it
by a line on its standard input.
"""
import signal
import subprocess
import sys

tool, connection = sys.argv[1:]
kernel = subprocess.Popen(
    [tool, "jupyter", "--default-kernel", "csharp", "--http-local-only", connection],
    stdin=subprocess.PIPE,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
)


def interrupt(*_):
    try:
        kernel.stdin.write(b"interrupt\n")
        kernel.stdin.flush()
    except BrokenPipeError:
        pass  # It has ended.


signal.signal(signal.SIGINT, interrupt)
sys.exit(kernel.wait())
