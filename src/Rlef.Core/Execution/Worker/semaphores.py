"""Stands in for _multiprocessing, whose semaphores lie in memory that processes share. A program makes no process, so that its threads are all that could wait
for one: pools of threads, and the queues and locks of multiprocessing, work by these."""
import _thread

RECURSIVE_MUTEX = 0
flags = {}


class SemLock:
    SEM_VALUE_MAX = (1 << 31) - 1

    def __init__(self, kind, value, maxvalue, name, unlink):
        import threading
        self.kind, self.maxvalue, self.name, self.handle = kind, maxvalue, None, id(self)
        self._free, self._held, self._owner, self._changed = value, 0, None, threading.Condition(threading.Lock())

    def acquire(self, block=True, timeout=None):
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._held += 1
            return True
        patience = 0 if not block else None if timeout is None else max(0, timeout)
        with self._changed:
            if not self._changed.wait_for(lambda: self._free > 0, patience):
                return False
            self._free -= 1
            self._held, self._owner = self._held + 1, _thread.get_ident()
            return True

    def release(self):
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError('attempt to release recursive lock not owned by thread')
            if self._held > 1:
                self._held -= 1
                return
        with self._changed:
            if self._free >= self.maxvalue:
                raise ValueError('semaphore or lock released too many times')
            self._free += 1
            self._held -= 1
            self._changed.notify()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *error):
        self.release()

    def _count(self):
        return self._held

    def _is_mine(self):
        return self._held > 0 and self._owner == _thread.get_ident()

    def _get_value(self):
        return self._free

    def _is_zero(self):
        return self._free == 0

    def _after_fork(self):
        self._held = 0


def sem_unlink(name):
    pass
