"""The usual way to score HumanEval samples, for comparison: a process of its own for every check, forked from a many-threaded pool, with a manager
process to carry its result, as the harness published with the data set does. The program is prompt, completion, test code and the call of check,
run by exec under an alarm of 3 seconds.

    process_per_check.py PROBLEMS.jsonl.gz SAMPLES.jsonl WORKERS

Prints one JSON line: seconds, and what became of each sample in order ("passed", "timed out", or the error's type).
"""
import concurrent.futures
import contextlib
import faulthandler
import gzip
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time

try:
    import numpy  # noqa: F401  the harness has it loaded, for pass@k
except ImportError:
    pass

TIME_LIMIT = 3.0


class Late(Exception):
    pass


class NoInput(io.StringIO):
    def read(self, *rest):
        raise OSError

    readline = readlines = read

    def readable(self):
        return False


def ring(number, frame):
    raise Late()


def disarm():
    """What the harness takes from a program: ways to end processes and to change files."""
    import builtins
    import shutil
    import subprocess
    faulthandler.disable()
    builtins.exit = builtins.quit = None
    os.environ['OMP_NUM_THREADS'] = '1'
    for name in ('kill', 'system', 'putenv', 'remove', 'removedirs', 'rmdir', 'fchdir', 'setuid', 'fork', 'forkpty', 'killpg', 'rename', 'renames',
                 'truncate', 'replace', 'unlink', 'fchmod', 'fchown', 'chmod', 'chown', 'chroot', 'lchown', 'getcwd', 'chdir'):
        setattr(os, name, None)
    shutil.rmtree = shutil.move = shutil.chown = None
    subprocess.Popen = None
    sys.modules['ipdb'] = sys.modules['joblib'] = sys.modules['resource'] = sys.modules['psutil'] = sys.modules['tkinter'] = None


def run(program, result):
    import shutil
    remove, change, rmdir = shutil.rmtree, os.chdir, os.rmdir
    unlink, getcwd, kill = os.unlink, os.getcwd, os.kill
    with tempfile.TemporaryDirectory() as folder:
        home = os.getcwd()
        os.chdir(folder)
        disarm()
        try:
            text = NoInput()
            with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
                sys.stdin = text
                signal.signal(signal.SIGALRM, ring)
                signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)
                try:
                    exec(program, {})
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
            result.append('passed')
        except Late:
            result.append('timed out')
        except BaseException as error:
            result.append(type(error).__name__)
        shutil.rmtree, os.chdir, os.rmdir, os.unlink, os.getcwd, os.kill = remove, change, rmdir, unlink, getcwd, kill
        os.chdir(home)


def check(program):
    with multiprocessing.Manager() as manager:
        result = manager.list()
        process = multiprocessing.Process(target=run, args=(program, result))
        process.start()
        process.join(timeout=TIME_LIMIT + 1)
        if process.is_alive():
            process.kill()
        return result[0] if len(result) > 0 else 'timed out'


def main(problems, samples, workers):
    with gzip.open(problems, 'rt') as file:
        tasks = {task['task_id']: task for task in map(json.loads, file)}
    with open(samples) as file:
        rows = [json.loads(line) for line in file]
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(workers)) as pool:
        programs = (tasks[row['task_id']]['prompt'] + row['completion'] + '\n' + tasks[row['task_id']]['test'] + '\n' +
                    f"check({tasks[row['task_id']]['entry_point']})" for row in rows)
        outcomes = list(pool.map(check, programs))
    print(json.dumps({'seconds': time.monotonic() - began, 'outcomes': outcomes}))


main(*sys.argv[1:])
