"""The Jupyter side of the C# kernel: passes messages between a front end and `rlef notebook serve`, one JSON object a line.

The engine's command is the JSON array in the environment variable RLEF_NOTEBOOK_SERVE, which kernel.json sets.
"""

import json
import os
import subprocess
import threading

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class RlefKernel(Kernel):
    implementation = "rlef"
    implementation_version = "1"
    language_info = {
        "name": "csharp",
        "mimetype": "text/x-csharp",
        "file_extension": ".cs",
        "pygments_lexer": "csharp",
    }
    banner = "C# (Rlef)"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.engine = None
        self.last_id = 0
        self.writing = threading.Lock()

    # The engine runs in a session of its own: a signal meant for the kernel must not end it.
    def start(self):
        super().start()
        self.start_engine()

    def start_engine(self):
        self.engine = subprocess.Popen(
            json.loads(os.environ["RLEF_NOTEBOOK_SERVE"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def send(self, **request):
        with self.writing:
            self.engine.stdin.write(json.dumps(request) + "\n")
            self.engine.stdin.flush()

    def exchange(self, request):
        """Sends a request and yields its events up to `done`; the last one says so if the engine ended instead."""
        if self.engine is None or self.engine.poll() is not None:
            self.start_engine()
        self.last_id += 1
        request["id"] = self.last_id
        try:
            self.send(**request)
        except BrokenPipeError:
            yield self.ended()
            return
        while True:
            try:
                line = self.engine.stdout.readline()
            except KeyboardInterrupt:
                self.interrupt_engine()
                continue
            if not line:
                yield self.ended()
                return
            try:
                event = json.loads(line)
            except ValueError:
                # Native code writes where it likes; what is no message is output.
                yield {"event": "stream", "name": "stdout", "text": line}
                continue
            if event.get("id") != self.last_id:
                continue
            yield event
            if event["event"] == "done":
                return

    def ended(self):
        code = self.engine.wait()
        text = f"The C# engine ended with exit code {code}. It starts anew with the next cell, without this session's variables."
        return {"event": "done", "error": {"name": "EngineEnded", "message": text, "traceback": [text]}}

    def interrupt_engine(self):
        if self.engine is not None and self.engine.poll() is None:
            try:
                self.send(do="interrupt")
            except BrokenPipeError:
                pass

    async def interrupt_request(self, stream, ident, parent):
        # On the control thread, while the shell's waits for the cell.
        self.interrupt_engine()
        self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False):
        error = None
        for event in self.exchange({"do": "execute", "code": code, "name": f"Cell {self.execution_count}"}):
            kind = event["event"]
            if kind == "done":
                error = event.get("error")
            elif silent:
                pass
            elif kind == "stream":
                self.send_response(self.iopub_socket, "stream", {"name": event["name"], "text": event["text"]})
            elif kind == "result":
                self.send_response(
                    self.iopub_socket,
                    "execute_result",
                    {"execution_count": self.execution_count, "data": event["data"], "metadata": {}},
                )
            elif kind in ("display", "update"):
                self.send_response(
                    self.iopub_socket,
                    "display_data" if kind == "display" else "update_display_data",
                    {"data": event["data"], "metadata": {}, "transient": {"display_id": event["display_id"]}},
                )
        if error is None:
            return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        content = {"ename": error["name"], "evalue": error["message"], "traceback": error["traceback"]}
        if not silent:
            self.send_response(self.iopub_socket, "error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    def last_event(self, request):
        return [event for event in self.exchange(request)][-1]

    def do_complete(self, code, cursor_pos):
        # Jupyter counts characters, the engine UTF-16 units.
        cursor = len(code[:cursor_pos].encode("utf-16-le")) // 2
        answer = self.last_event({"do": "complete", "code": code, "cursor": cursor})
        matches = answer.get("matches", [])
        return {
            "status": "ok",
            "matches": matches,
            "cursor_start": cursor_pos - answer.get("length", 0),
            "cursor_end": cursor_pos,
            "metadata": {},
        }

    def do_is_complete(self, code):
        complete = self.last_event({"do": "is_complete", "code": code}).get("complete", True)
        return {"status": "complete"} if complete else {"status": "incomplete", "indent": "    "}

    def do_shutdown(self, restart):
        if self.engine is not None:
            try:
                self.engine.stdin.close()
                self.engine.wait(timeout=5)
            except (BrokenPipeError, subprocess.TimeoutExpired):
                self.engine.kill()
                self.engine.wait()
            self.engine = None
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=RlefKernel)
