using Rlef.Execution;
using static Rlef.Execution.VerdictKind;

namespace Rlef.Core.Tests.Execution;

/// <summary>Programs for the test "3 4\n" → "7\n", and what the judge has to say. Attacks carry a note on how they would have worked.</summary>
public static class VerdictTable
{
    const string Right = "print(sum(map(int,input().split())))";

    public static IReadOnlyList<(string Name, string Program, VerdictKind Expected)> Rows { get; } =
    [
        ("right", Right, Accepted),
        ("right without newline", "print(sum(map(int,input().split())),end='')", Accepted),
        ("right with carriage return", "print('7',end='\\r\\n')", Accepted),
        ("right with blank lines around", "print('\\n\\n  7  \\n\\n')", Accepted),
        ("reads descriptor 0", "print(sum(int(x) for x in open(0).read().split()))", Accepted),
        ("reads sys.stdin", "import sys\nprint(sum(map(int,sys.stdin.readline().split())))", Accepted),
        ("writes descriptor 1", "import os\na,b=input().split()\nos.write(1,str(int(a)+int(b)).encode())", Accepted),
        ("sys.exit after the answer", Right + "\nimport sys\nsys.exit()", Accepted),
        ("exit(0) after the answer", Right + "\nraise SystemExit(0)", Accepted),
        ("main guard", "if __name__=='__main__':\n    " + Right, Accepted),
        ("standard library", "import math,collections,itertools,heapq,re,json,random,decimal,fractions\n" + Right, Accepted),
        ("recursion of 900", "def f(n):\n    return 0 if n==0 else 1+f(n-1)\nf(900)\n" + Right, Accepted),
        ("big integers", "x=3**2000\n" + Right, Accepted),
        ("stdin unread", "print(7)", Accepted),
        ("stderr is ignored", "import sys\nprint('noise',file=sys.stderr)\n" + Right, Accepted),
        // What the interpreter does at its end belongs to the program, as anywhere else.
        ("prints at exit", "import atexit\natexit.register(lambda: print(7))", Accepted),
        ("prints when destroyed", "class A:\n    def __del__(self): print(7)\na=A()", Accepted),
        ("prints when a cycle is destroyed", "class A:\n    def __del__(self): print(7)\na=A()\na.a=a\ndel a", Accepted),
        ("prints when a cycle is destroyed that is older than a collection", "class A:\n    def __del__(self): print(7)\na=A()\na.a=a\nimport gc\ngc.collect()\ndel a", Accepted),
        ("prints when a cycle is destroyed that is older than many objects", "class A:\n    def __del__(self): print(7)\na=A()\na.a=a\nb=[[i] for i in range(50000)]\ndel a", Accepted),
        ("destructor that uses the program's names", "x=7\nclass A:\n    def __del__(self): print(x)\na=A()", Accepted),
        ("generator that is left open", "def g():\n    try: yield\n    finally: print(7)\ng=g()\nnext(g)", Accepted),
        ("file that is left open", "f=open(1,'w')\nf.write('7')", Accepted),
        ("output kept until exit", "import atexit,io,sys\nb=sys.stdout=io.StringIO()\natexit.register(lambda: sys.__stdout__.write(b.getvalue()))\nprint(7)", Accepted),
        ("exception at exit", "import atexit\natexit.register(lambda: 1/0)\nprint(7)", Accepted),
        ("exception in a destructor", "class A:\n    def __del__(self): 1/0\na=A()\nprint(7)", Accepted),
        ("thread with a deep stack", "import sys,threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(2**26)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nthreading.Thread(target=lambda: print(f(5000)-4993)).start()", Accepted),
        ("thread pool", "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as p: print(sum(p.map(int,input().split())))", Accepted),
        ("pool of threads of multiprocessing", "from multiprocessing.pool import ThreadPool\nwith ThreadPool(4) as p: print(sum(p.map(int,input().split())))", Accepted),
        ("pool of threads with the names of processes", "from multiprocessing.dummy import Pool,Queue,Process\nq=Queue()\nt=Process(target=q.put,args=(7,))\nt.start()\np=Pool()\nassert list(p.imap_unordered(abs,[-1,1]))==[1,1]\np.close()\np.join()\nprint(q.get())", Accepted),
        ("locks and queues of multiprocessing", "import multiprocessing as m,threading\nl,r,s,q=m.Lock(),m.RLock(),m.BoundedSemaphore(2),m.Queue()\nn=0\ndef f():\n    global n\n    for _ in range(100):\n        with l,r,r,s: n+=1\nts=[threading.Thread(target=f) for _ in range(4)]\nfor t in ts: t.start()\nfor t in ts: t.join()\nassert s.acquire(False) and s.acquire(timeout=0.01) and not s.acquire(timeout=0.01)\nq.put(n-393)\nprint(q.get())", Accepted),
        ("releases a semaphore too often", "import multiprocessing as m\ns=m.BoundedSemaphore(1)\ntry: s.release()\nexcept ValueError: print(7)", Accepted),
        ("thread that outlives the main one", "import threading,time\nmain=threading.current_thread()\ndef f():\n    main.join()\n    print(7)\nthreading.Thread(target=f).start()", Accepted),
        ("exception in a thread", "import threading\nt=threading.Thread(target=lambda: 1/0)\nt.start()\nt.join()\nprint(7)", Accepted),
        ("daemon thread that never ends", "import threading\nthreading.Thread(target=threading.Event().wait,daemon=True).start()\nprint(7)", Accepted),
        ("integers of many digits", "n=10**6000\nassert int(str(n))==n\n" + Right, Accepted),
        ("deep recursion", "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nprint(f(50000)-49993)", Accepted),
        ("deep recursion through a cache", "import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\n@lru_cache(None)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nprint(f(20000)-19993)", Accepted),
        ("deep recursion in a thread", "import sys,threading\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\nthreading.stack_size(100<<20)\n@lru_cache(None)\ndef f(n): return 0 if n==0 else 1+f(n-1)\nt=threading.Thread(target=lambda: print(f(20000)-19993))\nt.start()\nt.join()", Accepted),
        ("asks for all of the stack", "import resource\nresource.setrlimit(resource.RLIMIT_STACK,(resource.RLIM_INFINITY,resource.RLIM_INFINITY))\n" + Right, Accepted),
        // A class is found in its module, as in any file.
        ("data class with postponed annotations", "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 7\nprint(A().x)", Accepted),
        ("pickles an object of its own class", "import pickle\nclass A: x=7\nprint(pickle.loads(pickle.dumps(A())).x)", Accepted),
        ("type hints of its own classes", "import typing\nclass A:\n    b: 'B'\nclass B: x=7\nprint(typing.get_type_hints(A)['b'].x)", Accepted),
        ("name and file of the module", "import sys\nprint(7 if __name__=='__main__' and sys.modules['__main__'].__dict__ is globals() and __file__.endswith('.py') else 8)", Accepted),
        // What a program finds around it.
        ("/dev/stdin", "print(sum(map(int,open('/dev/stdin').read().split())))", Accepted),
        ("/dev/stdin as bytes, twice", "import os\nf=os.open('/dev/stdin',os.O_RDONLY)\nb=os.read(f,99)\nassert open('/dev/stdin','rb').read()==b\nprint(sum(map(int,b.split())))", Accepted),
        ("/dev/stdout", "import sys\nsys.stdout=open('/dev/stdout','w')\nprint(sum(map(int,input().split())))", Accepted),
        ("/dev/stdout beside the descriptor", "import os\nprint(sum(map(int,input().split())),end='',file=open('/dev/fd/1','w'))\nos.write(os.open('/dev/stdout',os.O_WRONLY|os.O_APPEND),b'\\n')", Accepted),
        ("standard files of the process", "print(sum(map(int,open('/proc/self/fd/0').read().split())),file=open('/proc/self/fd/1','w'))\nprint(1,file=open('/proc/self/fd/2','w'))", Accepted),
        ("memory map of standard input", "import mmap\nprint(sum(map(int,mmap.mmap(0,0,access=mmap.ACCESS_READ)[:].split())))", Accepted),
        ("empty folder", "import os\nprint(7 if os.listdir('.')==[]==os.listdir() and os.getcwd() else 8)", Accepted),
        ("files of its own", "import os\nos.makedirs('a/b')\nopen('a/b/c','w').write('7')\nos.rename('a/b/c','d')\nprint(open('d').read())\nos.remove('d')\nos.chdir('a')", Accepted),
        ("temporary files", "import os,tempfile\nwith tempfile.TemporaryFile('w+') as f, tempfile.NamedTemporaryFile() as g, tempfile.TemporaryDirectory() as d:\n    f.write('7')\n    f.seek(0)\n    open(os.path.join(d,'x'),'w').close()\n    print(f.read())", Accepted),
        ("event loop", "import asyncio\nasync def f(x):\n    await asyncio.sleep(0.001)\n    return x\nasync def g(): return sum(await asyncio.gather(*(f(int(x)) for x in input().split())))\nprint(asyncio.run(g()))", Accepted),
        ("event loop beside threads", "import asyncio\nasync def g(): return await asyncio.to_thread(lambda: sum(map(int,input().split())))\nprint(asyncio.run(g()))", Accepted),
        ("wrong", "print(8)", WrongAnswer),
        ("empty program", "", WrongAnswer),
        ("nothing printed", "x=input()", WrongAnswer),
        ("more than asked", "print(7)\nprint(7)", WrongAnswer),
        ("a prefix", "print('7 ',8)", WrongAnswer),
        ("float for an integer", "print(7.0)", WrongAnswer),
        ("leading zero", "print('07')", WrongAnswer),
        ("NUL in the output", "print('7\\0')", WrongAnswer),
        ("ANSI colours", "print('\\033[32m7\\033[0m')", WrongAnswer),
        ("invalid UTF-8", "import sys\nsys.stdout.buffer.write(b'7\\xff\\n')", WrongAnswer),
        ("syntax error", "print(", CompileError),
        ("bad indentation", "  x=1\n y=2", CompileError),
        ("NUL in the source", "print(7)\0", CompileError),
        ("null in a name", "x=\u0001", CompileError),
        ("exception", "raise ValueError('no')", RuntimeError),
        ("exception after the answer", Right + "\n1/0", RuntimeError),
        ("end of input", "input()\ninput()", RuntimeError),
        ("unknown module", "import numpy_of_no_machine", RuntimeError),
        ("infinite recursion", "def f():\n    f()\nf()", RuntimeError),
        ("exit code", "import sys\nsys.exit(3)", RuntimeError),
        ("exit with a message", "raise SystemExit('7')", RuntimeError),
        ("assertion", "assert False", RuntimeError),
        ("endless loop", "while True: pass", TimeLimit),
        ("endless loop that catches everything", "while True:\n    try:\n        while True: pass\n    except BaseException: pass", TimeLimit),
        ("endless loop at exit", "import atexit\ndef f():\n    while True: pass\natexit.register(f)\nprint(7)", TimeLimit),
        ("endless loop in a destructor", "class A:\n    def __del__(self):\n        while True: pass\na=A()\nprint(7)", TimeLimit),
        ("endless loop in a thread", "import threading\ndef f():\n    while True: pass\nthreading.Thread(target=f).start()\nprint(7)", TimeLimit),
        ("huge power", "x=7**(10**8)", TimeLimit),
        ("memory", "x=[0]*(10**9)", MemoryLimit),
        ("memory in steps", "x=[]\nwhile True: x.append(bytes(5*10**7))", MemoryLimit),
        ("output flood", "print('7'*10**6)", OutputLimit),
        ("output flood in steps", "while True: print('7'*1000)", OutputLimit),
    ];

    public static IReadOnlyList<(string Name, string Program, VerdictKind Expected)> Attacks { get; } =
    [
        // Leaves before the judge's stub can report; a judge that trusts exit codes takes 0 for success. To this one it is the end of a program that has
        // written nothing, or too little.
        ("os._exit(0) at once", "import os\nos._exit(0)", WrongAnswer),
        ("os._exit(0) after a wrong answer", "import os,sys\nprint(8)\nsys.stdout.flush()\nos._exit(0)", WrongAnswer),
        ("os._exit(1) after the answer", "import os,sys\nprint(7)\nsys.stdout.flush()\nos._exit(1)", RuntimeError),
        ("kills itself", "import os,signal\nprint(7,flush=True)\nos.kill(os.getpid(),signal.SIGKILL)", RuntimeError),
        // Leaves from where the stub does what the interpreter does at its end, so that the stub never reports.
        ("os._exit(0) at exit", "import atexit,os\natexit.register(os._exit,0)\nprint(8,flush=True)", WrongAnswer),
        ("os._exit(0) from a destructor", "import os\nclass A:\n    def __del__(self,leave=os._exit): leave(0)\na=A()\nprint(8,flush=True)", WrongAnswer),
        // A thread that goes on after the program's end would answer the next test.
        ("thread that stays", "import threading,time,os\ndef f():\n    time.sleep(5)\n    while True: os.write(1,b'7')\nthreading.Thread(target=f,daemon=True).start()", WrongAnswer),
        // An object equal to everything wins where program and checker share a process.
        ("always equal", "class A(str):\n    def __eq__(s,o): return True\n    def __hash__(s): return 0\nprint(A('8'))", WrongAnswer),
        // Replaces what the stub uses, to report success itself. Here the stub is left writing its report for ever.
        ("patched json and os", "import json,os\njson.dumps=lambda *a,**k:'{\"index\":0}'\nos.write=lambda *a:0\nos.fstat=None\nprint(8)", TimeLimit),
        ("patched builtins", "import builtins\nbuiltins.print=lambda *a:None\nbuiltins.compile=None\nbuiltins.exec=None", WrongAnswer),
        // A report frame forged on every descriptor, with a guessed nonce.
        ("forged frame", "import os,struct\nb=b'0'*32+b'{\"index\":0}'\nfor d in range(3,64):\n    try: os.write(d,struct.pack('<I',len(b))+b)\n    except OSError: pass\nos._exit(0)", RuntimeError),
        ("a frame of 4 GB", "import os\nfor d in range(3,64):\n    try: os.write(d,b'\\xff\\xff\\xff\\xff')\n    except OSError: pass\nos._exit(0)", RuntimeError),
        ("deeply nested frame", "import os,struct\nb=b'['*60000\nfor d in range(3,64):\n    try: os.write(d,struct.pack('<I',len(b))+b)\n    except OSError: pass\nos._exit(0)", RuntimeError),
        ("half a frame, then silence", "import os,time\nfor d in range(3,64):\n    try: os.write(d,b'\\x10\\0\\0\\0ab')\n    except OSError: pass\ntime.sleep(60)", TimeLimit),
        // Expected outputs in the frames, the heap or the files of the judge.
        ("looks through frames", "import sys\nf=sys._getframe()\nwhile f:\n    for v in list(f.f_locals.values()):\n        if isinstance(v,dict) and 'expected' in v: print(7)\n    f=f.f_back", WrongAnswer),
        ("looks through the heap", "import gc\nfor o in gc.get_objects():\n    if isinstance(o,dict) and 'output' in o and str(o['output']).strip()=='7': print(7)", WrongAnswer),
        ("reads /proc", "import os\nprint(open('/proc/1/cmdline').read())", RuntimeError),
        ("reads the environment", "import os\nprint(7 if any('7' == v.strip() for v in os.environ.values()) else 8)", WrongAnswer),
        ("reads /etc/passwd", "print(open('/etc/passwd').read())", RuntimeError),
        // What a container mounts and bubblewrap does not: the server's memory and environment, the out-of-memory killer's choice, control groups.
        ("reads the server's memory", "import os\nprint(open(f'/proc/{os.getppid()}/mem','rb').read(1))", RuntimeError),
        ("reads the server's environment", "import os\nprint(open(f'/proc/{os.getppid()}/environ').read())", RuntimeError),
        ("looks into /proc/self", "print(open('/proc/self/status').read())", RuntimeError),
        ("spares itself from the out-of-memory killer", "open('/proc/self/oom_score_adj','w').write('-1000')", RuntimeError),
        ("lists control groups", "import os\nprint(os.listdir('/sys/fs/cgroup'))", RuntimeError),
        // Processes that outlive the test and disturb the next.
        ("fork", "import os\nos.fork()\nprint(7)", RuntimeError),
        ("fork bomb", "import os\nwhile True: os.fork()", RuntimeError),
        ("daemon", "import os\nif os.fork()==0:\n    os.setsid()\n    os.fork()\nprint(7)", RuntimeError),
        // The calls below the library's, with the flags of a process: only what makes a thread is let through.
        ("raw clone", "import ctypes,os\nr=ctypes.CDLL(None).syscall(56,17,0,0,0,0)\nif r==0: os._exit(0)\nprint(8 if r<0 else 7)", WrongAnswer),
        ("raw clone that shares memory", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(56,0x100|17,0,0,0,0)<0 else 7)", WrongAnswer),
        ("raw clone3", "import ctypes,os\nb=ctypes.create_string_buffer(88)\nr=ctypes.CDLL(None).syscall(435,b,88)\nif r==0: os._exit(0)\nprint(8 if r<0 else 7)", WrongAnswer),
        ("raw vfork", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(58)<0 else 7)", WrongAnswer),
        ("processes of multiprocessing", "import multiprocessing as m\nwith m.Pool(2) as p: print(sum(p.map(int,input().split())))", RuntimeError),
        ("subprocess", "import subprocess\nprint(subprocess.check_output(['echo','7']).decode())", RuntimeError),
        ("os.system", "import os\nos.system('echo 7')", WrongAnswer),
        ("exec", "import os\nos.execv('/bin/echo',['echo','7'])", RuntimeError),
        ("thread bomb", "import threading,time\nfor _ in range(10**4): threading.Thread(target=time.sleep,args=(1,)).start()", RuntimeError),
        // Signals and limits on the server make every later verdict wrong.
        ("kills the server", "import os,signal\nfor p in range(-1,os.getpid()):\n    try: os.kill(p,signal.SIGKILL)\n    except OSError: pass\nprint(8)", WrongAnswer),
        // The kernel tells a pipe's owner that something was written, by a signal that whoever set the owner may choose.
        ("has a pipe kill the servers", "import fcntl,os,signal\nfor p in range(1,16):\n    r,w=os.pipe()\n    try:\n        fcntl.fcntl(r,fcntl.F_SETOWN,p)\n        fcntl.fcntl(r,10,signal.SIGKILL)\n        fcntl.fcntl(r,fcntl.F_SETFL,os.O_ASYNC)\n        os.write(w,b'x')\n    except OSError: pass\n    os.close(r)\n    os.close(w)\nprint(8)", WrongAnswer),
        ("limits the server", "import resource,os\ntry:\n    resource.prlimit(os.getppid(),resource.RLIMIT_CPU,(0,0))\nexcept OSError: pass\nprint(8)", WrongAnswer),
        ("stops the server", "import os,signal\ntry: os.kill(os.getppid(),signal.SIGSTOP)\nexcept OSError: pass\nprint(8)", WrongAnswer),
        ("traces the server", "import ctypes,os\nl=ctypes.CDLL(None)\nprint(8 if l.ptrace(16,os.getppid(),0,0)!=0 else 7)", WrongAnswer),
        ("raises its own limits", "import resource\nresource.setrlimit(resource.RLIMIT_AS,(-1,-1))", RuntimeError),
        // Memory that no limit of a process bounds: bytes in files, and files themselves.
        ("fills its folder", "f=open('x','wb')\nfor i in range(10**6):\n    open(f'x{i}','wb').write(bytes(60000))", RuntimeError),
        ("makes files without end", "for i in range(10**6): open(f'{i}','x').close()", RuntimeError),
        ("makes folders in folders without end", "import os\nos.umask(0o777 & ~0o300)\nwhile True:\n    os.mkdir('x'*200)\n    os.chdir('x'*200)", RuntimeError),
        ("leaves a folder that nobody may enter", "import os\nos.mkdir('a')\nos.mkdir('a/b')\nos.umask(0o777)\nos.mkdir('a/b/c')\nos.mkdir('d')\nprint(8)", WrongAnswer),
        ("shuts its folder", "import os\nos.chmod('.',0)", WrongAnswer),
        ("runs a file of its own", "import ctypes\nopen('x.so','wb').write(bytes(99))\nctypes.CDLL('./x.so')", RuntimeError),
        ("pipe that has a name", "import os\nos.mkfifo('x')", RuntimeError),
        ("symbolic link in its folder", "import os\nos.symlink('/etc','x')", RuntimeError),
        // Sockets that pass files, or reach others.
        ("pair of datagram sockets", "import socket\nsocket.socketpair(socket.AF_UNIX,socket.SOCK_DGRAM)", RuntimeError),
        ("pair of packet sockets", "import socket\nsocket.socketpair(socket.AF_UNIX,socket.SOCK_SEQPACKET)", RuntimeError),
        ("passes a file through a pair", "import array,socket\na,b=socket.socketpair()\na.sendmsg([b'x'],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,array.array('i',[0]))])", RuntimeError),
        ("sends to an address", "import socket\na,b=socket.socketpair()\na.sendto(b'x','\\0x')\nprint(8)", RuntimeError),
        // Channels between candidates.
        ("writes a file", "open('/tmp/x','w').write('7')", RuntimeError),
        ("writes beside the worker", "open('/worker/x','w').write('7')", RuntimeError),
        ("writes shared memory", "open('/dev/shm/x','w').write('7')", RuntimeError),
        ("message queue as a file", "open('/dev/mqueue/x','w')", RuntimeError),
        ("message queue", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(240,b'x',66,384,0)<0 else 7)", WrongAnswer),
        ("locks a file of all", "import fcntl\nfcntl.flock(open(__import__('os').__file__),fcntl.LOCK_EX)", WrongAnswer),
        // A lock on a byte of a shared file is seen by candidates on other workers, which ask who holds it.
        ("locks a byte of a file of all", "import fcntl\nfcntl.lockf(open(__import__('os').__file__),fcntl.LOCK_SH,1)", WrongAnswer),
        ("asks who locks a file of all", "import fcntl\nfcntl.fcntl(open(__import__('os').__file__),fcntl.F_GETLK,bytes(64))", RuntimeError),
        ("vsock", "import socket\nsocket.socket(socket.AF_VSOCK)", RuntimeError),
        ("memory files", "import os\nwhile True:\n    f=os.memfd_create('x')\n    os.write(f,b'0'*65536)\n    os.write(f,b'0'*65536)", RuntimeError),
        ("opens a socket", "import socket\nsocket.socket().connect(('127.0.0.1',80))", RuntimeError),
        // The server's way to its host, taken by a program, would carry forged results of all programs that follow.
        ("calls the host", "import socket\nsocket.socket(socket.AF_UNIX).connect('/conversation')", RuntimeError),
        ("calls the host past the library", "import ctypes\nprint(8 if ctypes.CDLL(None).socket(1,1,0)<0 else 7)", WrongAnswer),
        ("opens the way to the host", "open('/conversation','rb')", RuntimeError),
        ("answers in the server's name", "import os,struct\nb=b'{\"id\":1,\"results\":[],\"more\":false}'\nfor d in range(64):\n    try: os.write(d,struct.pack('<I',len(b))+b)\n    except OSError: pass\nos._exit(0)", RuntimeError),
        // The same way, and the jobs on it, by the paths that /proc makes of the servers' descriptors.
        ("opens descriptors of the servers", "import os\nfor p in range(1,5):\n    for d in range(16):\n        for m in (os.O_RDONLY,os.O_WRONLY):\n            try: os.open(f'/proc/{p}/fd/{d}',m|os.O_NONBLOCK)\n            except OSError: pass\n            else: print(7)\nprint(8)", WrongAnswer),
        ("leaves a file beside its folder", "for d in ('/proc','/proc/self','/proc/self/fd','/sys','/dev','/','/usr','/worker'):\n    try: open(d+'/x','w').write('7')\n    except OSError: pass\n    else: print(7)\nprint(8)", WrongAnswer),
        ("abstract unix socket", "import socket\ns=socket.socket(socket.AF_UNIX)\ns.bind('\\0x')", RuntimeError),
        ("symlink", "import os\nos.symlink('/etc','/tmp/e')", RuntimeError),
        ("keyring", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(250,0,-3,1)<0 else 7)", WrongAnswer),
        ("io_uring", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(425,8,0)<0 else 7)", WrongAnswer),
        ("user namespace", "import ctypes\nprint(8 if ctypes.CDLL(None).unshare(0x10000000)<0 else 7)", WrongAnswer),
        ("bpf", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(321,0,0,0)<0 else 7)", WrongAnswer),
        // Reads the memory or takes the descriptors of a server, past ptrace.
        ("process_vm_readv", "import ctypes,os\nprint(8 if ctypes.CDLL(None).syscall(310,os.getppid(),0,0,0,0,0)<0 else 7)", WrongAnswer),
        ("pidfd of the server", "import ctypes,os\nprint(8 if ctypes.CDLL(None).syscall(434,os.getppid(),0)<0 else 7)", WrongAnswer),
        ("takes a descriptor", "import ctypes\nl=ctypes.CDLL(None)\nprint(8 if all(l.syscall(438,d,0,0)<0 for d in range(64)) else 7)", WrongAnswer),
        ("sends a descriptor", "import ctypes\nl=ctypes.CDLL(None)\nprint(8 if all(l.syscall(n,d,b'x'*64,0)<0 for d in range(64) for n in (46,47)) else 7)", WrongAnswer),
        ("kcmp", "import ctypes,os\nprint(8 if ctypes.CDLL(None).syscall(312,os.getpid(),os.getppid(),1,0,0)<0 else 7)", WrongAnswer),
        // Widens the ways into the kernel: user-controlled page faults, counters, segments, other namespaces, files by handle instead of by path.
        ("userfaultfd", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(323,1)<0 else 7)", WrongAnswer),
        ("perf_event_open", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(298,bytes(128),0,-1,-1,0)<0 else 7)", WrongAnswer),
        ("modify_ldt", "import ctypes\nprint(8 if ctypes.CDLL(None).syscall(154,0,bytes(16),16)<0 else 7)", WrongAnswer),
        ("setns", "import ctypes\nl=ctypes.CDLL(None)\nprint(8 if all(l.syscall(308,d,0)<0 for d in range(64)) else 7)", WrongAnswer),
        ("file by handle", "import ctypes\nl=ctypes.CDLL(None)\nprint(8 if l.syscall(303,-100,b'/usr',bytes(160),bytes(8),0)<0 and l.syscall(304,-100,bytes(160),0)<0 else 7)", WrongAnswer),
        // A program of its own, from memory, would run without the stub.
        ("runs a file in memory", "import ctypes,os\nf=os.memfd_create('x')\nos.write(f,open('/usr/bin/echo','rb').read() if os.path.exists('/usr/bin/echo') else b'')\na=(ctypes.c_char_p*3)(b'echo',b'7',None)\nprint(8 if ctypes.CDLL(None).syscall(322,f,b'',a,0,0x1000)<0 else 7)", WrongAnswer),
        // Numbers of the 32-bit and x32 conventions mean other calls than those that the filter compares with.
        ("32-bit system call", "import ctypes,mmap\nm=mmap.mmap(-1,4096,prot=7)\nm.write(b'\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3')\nr=ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()\nprint(7 if r>0 else r)", RuntimeError),
        ("x32 system call", "import ctypes\nctypes.CDLL(None).syscall(0x40000000|39)\nprint(7)", RuntimeError),
        ("loosens the filter", "import ctypes\nprint(8 if ctypes.CDLL(None).prctl(22,2,0,0,0)!=0 else 7)", WrongAnswer),
        // Clocks that run slow hide a time-out only from a judge that asks the program.
        ("patched clock", "import time\ntime.time=time.monotonic=time.perf_counter=lambda:0\nwhile True: pass", TimeLimit),
        ("ignores signals", "import signal\nfor s in range(1,65):\n    try: signal.signal(s,signal.SIG_IGN)\n    except (OSError,ValueError): pass\nwhile True: pass", TimeLimit),
        // A module of the judge's, shadowed from the working directory or the module table.
        ("shadows modules", "import sys,types\nfor n in ('json','os','struct','io','seccomp'): sys.modules[n]=types.ModuleType(n)\nprint(8)", WrongAnswer),
        ("closes every descriptor", "import os\nos.closerange(0,64)", WrongAnswer),
        ("raises inside an exception's text", "class E(Exception):\n    def __str__(s): raise E()\nraise E()", RuntimeError),
        ("null pointer", "import ctypes\nctypes.string_at(0)", RuntimeError),
        ("stack overflow in C", "import ctypes\nx=[]\nfor _ in range(3*10**5): x=[x]\nprint(8)", WrongAnswer),
    ];
}
