# SPDX-License-Identifier: Apache-2.0
"""What the scenarios of the kernel lane do: act.py NAME FOLDER. Each writes one line of JSON: what it did."""
import ctypes
import errno
import json
import mmap
import os
import shutil
import signal
import socket
import struct
import sys
import threading


def files(d):
    with open("created", "wb") as f:  # relative to the working directory
        f.write(b"hello ")
        f.write(b"world\n")
    fd = os.open(f"{d}/created", os.O_WRONLY | os.O_APPEND)
    os.pwrite(fd, b"J", 0)
    os.writev(fd, [b"more ", b"bytes"])
    os.close(fd)
    os.close(os.open(f"{d}/empty", os.O_CREAT | os.O_WRONLY))
    os.close(os.open(f"{d}/created", os.O_RDONLY))
    # Both descriptors are one open: one row, at the second close.
    fd = os.open(f"{d}/doubled", os.O_CREAT | os.O_WRONLY)
    other = os.dup(fd)
    os.write(fd, b"12345")
    os.close(fd)
    os.write(other, b"678")
    os.close(other)
    # Written by a child, closed by the end of both.
    fd = os.open(f"{d}/child", os.O_CREAT | os.O_WRONLY)
    child = os.fork()
    if child == 0:
        os.write(fd, b"from the child")
        os._exit(0)
    os.waitpid(child, 0)
    os.close(fd)
    # Closed by exec.
    runner = os.fork()
    if runner == 0:
        fd = os.open(f"{d}/by_exec", os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC)
        os.write(fd, b"abc")
        os.execv("/bin/true", ["true"])
    os.waitpid(runner, 0)
    # Closed by the end of the process alone.
    ender = os.fork()
    if ender == 0:
        fd = os.open(f"{d}/by_exit", os.O_CREAT | os.O_WRONLY)
        os.write(fd, b"abcd")
        os._exit(0)
    os.waitpid(ender, 0)
    source = os.open(f"{d}/created", os.O_RDONLY)
    fd = os.open(f"{d}/copied", os.O_CREAT | os.O_WRONLY)
    os.sendfile(fd, source, 0, 5)
    os.copy_file_range(source, fd, 3)
    os.close(fd)
    os.close(source)
    os.close(os.open(f"{d}/copied", os.O_WRONLY | os.O_TRUNC))
    os.mkdir(f"{d}/folder")
    at = os.open(f"{d}/folder", os.O_RDONLY | os.O_DIRECTORY)
    os.rename("empty", "moved", src_dir_fd=None, dst_dir_fd=at)
    os.rename(f"{d}/doubled", "../%s/twice" % os.path.basename(d))
    os.link(f"{d}/created", f"{d}/hard")
    os.symlink("../somewhere else", f"{d}/soft")
    os.mkfifo(f"{d}/pipe")
    os.truncate(f"{d}/hard", 3)
    os.unlink("moved", dir_fd=at)
    os.unlink(f"{d}/./soft")
    os.close(at)
    os.rmdir(f"{d}/folder")
    for missing in (lambda: os.unlink(f"{d}/nothing"), lambda: os.rename(f"{d}/nothing", f"{d}/x")):
        try:
            missing()
        except OSError:
            pass
    return {"pid": os.getpid(), "child": child, "runner": runner, "ender": ender}


def exchange(family, host, sent, answered):
    """A TCP connection to ourselves; returns both ports."""
    listener = socket.socket(family)
    listener.bind((host, 0))
    listener.listen(5)
    port = listener.getsockname()[1]
    client = socket.create_connection((host, port)) if family == socket.AF_INET else socket.socket(family)
    if family != socket.AF_INET:
        client.connect((host, port))
    server, _ = listener.accept()
    mine = client.getsockname()[1]
    client.sendall(b"q" * sent)
    client.shutdown(socket.SHUT_WR)
    while server.recv(65536):
        pass
    server.sendall(b"a" * answered)
    server.close()
    while client.recv(65536):
        pass
    client.close()
    listener.close()
    return port, mine


def outcome(call):
    try:
        call()
        return 0
    except OSError as error:
        return error.errno


def sockets(d):
    done = {"pid": os.getpid()}
    done["v4"] = exchange(socket.AF_INET, "127.0.0.1", 100_000, 17)
    done["v6"] = exchange(socket.AF_INET6, "::1", 1, 0)
    # Refused: waiting, and not waiting.
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    done["closed"] = closed.getsockname()[1]
    done["refused"] = outcome(lambda: socket.socket().connect(("127.0.0.1", done["closed"])))
    patient = socket.socket()
    patient.setblocking(False)
    done["refused_later"] = outcome(lambda: patient.connect(("127.0.0.1", done["closed"])))
    done["unreachable"] = outcome(lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 9)))
    # A connection that is made while nobody waits.
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    done["later"] = listener.getsockname()[1]
    eager = socket.socket()
    eager.setblocking(False)
    assert outcome(lambda: eager.connect(("127.0.0.1", done["later"]))) == errno.EINPROGRESS
    server, _ = listener.accept()
    eager.close()
    server.close()
    listener.close()
    # UDP: two datagrams there, one back: one flow each.
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    there.bind(("127.0.0.1", 0))
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    done["udp"] = there.getsockname()[1]
    for _ in range(2):
        here.sendto(b"x", ("127.0.0.1", done["udp"]))
    for _ in range(2):
        _, peer = there.recvfrom(10)
    there.sendto(b"y", peer)
    here.recvfrom(10)
    done["udp_client"] = here.getsockname()[1]
    six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    six.connect(("::1", 9))
    six.send(b"z")
    done["udp_six"] = six.getsockname()[1]
    return done


NAMES = {
    ("www.example.test", 1): [("www.example.test", 5, 60, "cdn.example.test"), ("cdn.example.test", 1, 60, "192.0.2.7"), ("cdn.example.test", 1, 60, "192.0.2.8")],
    ("www.example.test", 28): [("www.example.test", 28, 30, "2001:db8::7")],
    ("text.example.test", 16): [("text.example.test", 16, 5, "v=x y")],
}


def wire_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def read_question(query):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack(">H", query[at + 1 : at + 3])[0], query[12 : at + 5]


def reply(query):
    """The answer of our own small name server."""
    name, kind, question = read_question(query)
    answers = NAMES.get((name, kind))
    out = query[:2] + struct.pack(">HHHHH", 0x8180 if answers else 0x8183, 1, len(answers or []), 0, 0) + question
    for owner, kind, ttl, data in answers or []:
        if kind == 1:
            data = socket.inet_pton(socket.AF_INET, data)
        elif kind == 28:
            data = socket.inet_pton(socket.AF_INET6, data)
        elif kind == 5:
            data = wire_name(data)
        else:
            data = bytes([len(data)]) + data.encode()
        out += wire_name(owner) + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data
    return out


def dns_server(family, host, tcp=False):
    server = socket.socket(family, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, 53))
    if tcp:
        server.listen(1)

    def serve():
        if tcp:
            peer, _ = server.accept()
            size = struct.unpack(">H", peer.recv(2))[0]
            answer = reply(peer.recv(size))
            peer.sendall(struct.pack(">H", len(answer)) + answer)
            peer.close()
            return
        while True:
            query, peer = server.recvfrom(4096)
            if len(query) > 16:
                server.sendto(reply(query), peer)

    threading.Thread(target=serve, daemon=True).start()


def query(number, name, kind):
    return struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + wire_name(name) + struct.pack(">HH", kind, 1)


def dns(d):
    # The server is another process: its pid is not that of the one who asks.
    ready, say = os.pipe()
    server = os.fork()
    if server == 0:
        dns_server(socket.AF_INET, "127.0.0.53")
        dns_server(socket.AF_INET6, "::1")
        dns_server(socket.AF_INET, "127.0.0.53", tcp=True)
        os.write(say, b"x")
        threading.Event().wait()
    os.read(ready, 1)
    four = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    four.sendto(query(1, "www.example.test", 1), ("127.0.0.53", 53))
    four.recv(4096)
    six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    six.connect(("::1", 53))
    six.send(query(2, "www.example.test", 28))
    six.recv(4096)
    four.sendto(query(3, "nothing.example.test", 1), ("127.0.0.53", 53))
    four.recv(4096)
    stream = socket.create_connection(("127.0.0.53", 53))
    asked = query(4, "text.example.test", 16)
    stream.sendall(struct.pack(">H", len(asked)))
    stream.sendall(asked)
    while stream.recv(4096):
        pass
    stream.close()
    four.sendto(b"no dns at all", ("127.0.0.53", 53))
    os.kill(server, 9)
    os.waitpid(server, 0)
    return {"pid": os.getpid(), "server": server}


LIBC = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    result = getattr(LIBC, name)(*args)
    assert result != -1, (name, os.strerror(ctypes.get_errno()))
    return result


def attributes(d):
    path = f"{d}/file"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o640))
    os.chmod(path, 0o4755)
    fd = os.open(path, os.O_RDONLY)
    os.fchmod(fd, 0o600)
    os.fchown(fd, 7, -1)
    os.chown(path, -1, 8)
    os.setxattr(path, "trusted.evtables", b"1")
    os.removexattr(fd, "trusted.evtables")
    return {"pid": os.getpid()}


def times(d):
    path = f"{d}/file"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    os.utime(path, ns=(5, 1_000_000_000_000_000_000))
    fd = os.open(path, os.O_RDONLY)
    os.utime(fd, ns=(5, 1_234_567_890_120_000_000))
    os.utime(path)  # now
    os.utime(path, (9_000_000_000, 9_000_000_000))  # not yet
    return {"pid": os.getpid()}


def processes(d):
    word = ctypes.create_string_buffer(b"original", 16)
    child = os.fork()
    if child == 0:
        signal.pause()
    address = ctypes.addressof(word)
    call("ptrace", 16, child, None, None)  # attach
    os.waitpid(child, 0)
    call("ptrace", 5, child, ctypes.c_void_p(address), ctypes.c_long(0x4141))  # poke
    registers = ctypes.create_string_buffer(27 * 8)
    call("ptrace", 12, child, None, registers)  # to read them is part of the access
    call("ptrace", 13, child, None, registers)
    call("ptrace", 17, child, None, None)  # detach: nothing to tell
    call("ptrace", 0x4206, child, None, None)  # seize
    call("ptrace", 0x4207, child, None, None)  # interrupt
    os.waitpid(child, 0)
    call("ptrace", 17, child, None, None)
    iovec = struct.pack("QQ", address, 8)
    call("process_vm_readv", child, iovec, 1, iovec, 1, 0)
    call("process_vm_writev", child, iovec, 1, iovec, 1, 0)
    pidfd = os.pidfd_open(child)
    os.close(call("syscall", 438, pidfd, 0, 0))  # pidfd_getfd
    os.close(pidfd)
    os.close(os.open(f"/proc/{child}/mem", os.O_RDONLY))
    fd = os.open(f"/proc/{child}/mem", os.O_RDWR)
    os.pwrite(fd, b"12345678", address)
    os.pwrite(fd, b"1234", address)
    os.close(fd)
    # Own memory, and other files of that process: nothing to tell.
    os.close(os.open("/proc/self/mem", os.O_RDWR))
    os.close(os.open(f"/proc/{child}/maps", os.O_RDONLY))
    os.kill(child, signal.SIGUSR2)
    os.waitpid(child, 0)
    victim = os.fork()
    if victim == 0:
        signal.pause()
    os.kill(victim, signal.SIGTERM)
    os.waitpid(victim, 0)
    return {"pid": os.getpid(), "child": child, "victim": victim, "address": hex(address)}


def memory(d):
    fd = os.memfd_create("evtables secret")
    os.close(fd)
    area = mmap.mmap(-1, 5 * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    plain = mmap.mmap(-1, 3 * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=3)
    place = ctypes.addressof(ctypes.c_char.from_buffer(plain))
    call("mprotect", ctypes.c_void_p(place), ctypes.c_size_t(3 * 4096), 5)
    return {"pid": os.getpid(), "area": hex(ctypes.addressof(ctypes.c_char.from_buffer(area))), "plain": hex(place)}


def images(d):
    with open("/proc/self/maps") as maps:
        libc = next(line.split()[-1] for line in maps if "/libc" in line)
    shutil.copy(libc, f"{d}/copy.so")
    for _ in range(2):
        fd = os.open(f"{d}/copy.so", os.O_RDONLY)
        mmap.mmap(fd, 4096, flags=mmap.MAP_PRIVATE, prot=5)
        os.close(fd)
    return {"pid": os.getpid(), "size": os.path.getsize(libc), "of": libc}


def maps(d):
    """The same part of a file twice, and another part: each mapping is one of its own."""
    with open(f"{d}/mapped.so", "wb") as f:
        f.write(bytes(12288))
    LIBC.mmap.restype = ctypes.c_void_p
    fd = os.open(f"{d}/mapped.so", os.O_RDONLY)
    places = []
    for size, protection, offset in ((8192, 5, 0), (8192, 5, 0), (4096, 4, 8192), (4096, 1, 0)):
        place = LIBC.mmap(None, ctypes.c_size_t(size), protection, mmap.MAP_PRIVATE, fd, ctypes.c_long(offset))
        places.append(hex(place))
    os.close(fd)
    return {"pid": os.getpid(), "places": places}


def executables(d):
    program = os.path.realpath(sys.executable)
    with open(program, "rb") as f:
        data = f.read()

    def write(name, *parts):
        fd = os.open(f"{d}/{name}", os.O_CREAT | os.O_WRONLY)
        for at, part in parts:
            os.pwrite(fd, part, at)
        os.close(fd)

    with open(f"{d}/written", "wb") as f:
        f.write(data)
    shutil.copyfile(program, f"{d}/copied")
    write("text", (0, b"#!/bin/sh\n" + b"true\n" * 100))
    # Hides the head until the end.
    write("late", (0, b"not yet "), (64, data[64:4096]), (0, data[:64]))
    write("temporary", (0, data))
    os.rename(f"{d}/temporary", f"{d}/final")
    write("tool", (0, data))
    os.chmod(f"{d}/tool", 0o644)
    os.chmod(f"{d}/tool", 0o755)
    write("base", (0, data))
    os.link(f"{d}/base", f"{d}/linked")
    os.rename(f"{d}/text", f"{d}/script")
    os.chmod(f"{d}/script", 0o755)
    # Gone before anybody could look.
    write("dropped", (0, data[:4096]))
    os.unlink(f"{d}/dropped")
    return {"pid": os.getpid(), "of": program, "size": len(data)}


def spaces(d):
    """Namespaces and mounts, in a child that has its own."""
    for name in ("mounted", "moved"):
        os.mkdir(f"{d}/{name}")
    mounted, moved = f"{d}/mounted".encode(), f"{d}/moved".encode()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        here = os.open("/proc/self/ns/uts", os.O_RDONLY)
        call("unshare", 0x04020000)
        call("setns", here, 0x04000000)
        grandchild = call("syscall", 56, 0x08000000 | signal.SIGCHLD, None, None, None, None)  # clone
        if grandchild == 0:
            os._exit(0)
        os.waitpid(grandchild, 0)
        call("mount", b"none", b"/", None, ctypes.c_ulong(1 << 18 | 16384), None)
        for _ in range(2):
            call("mount", b"evtables", mounted, b"tmpfs", ctypes.c_ulong(6), None)
            call("umount2", mounted, 0)
        call("mount", b"evtables", mounted, b"tmpfs", ctypes.c_ulong(6), None)
        call("syscall", 429, -100, mounted, -100, moved, 0)  # move_mount
        os.mkdir(f"{d}/moved/old")
        call("syscall", 155, moved, moved + b"/old")  # pivot_root
        os.write(tell, str(grandchild).encode())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return {"pid": child, "uts": os.stat("/proc/self/ns/uts").st_ino, "cloned": int(os.read(told, 20))}


def program(d):
    """The shortest BPF program: return 0; loaded as three kinds, two of them attached where nothing happens."""
    code = ctypes.create_string_buffer(struct.pack("<BBHi", 0xB7, 0, 0, 0) + struct.pack("<BBHi", 0x95, 0, 0, 0))
    license = ctypes.create_string_buffer(b"GPL")

    def bpf(command, attributes):
        buffer = ctypes.create_string_buffer(attributes.ljust(120, b"\0"))
        return call("syscall", 321, command, ctypes.byref(buffer), 120)

    def load(kind, name):
        return bpf(5, struct.pack("<IIQQIIQII16s", kind, 2, ctypes.addressof(code), ctypes.addressof(license), 0, 0, 0, 0, 0, name))

    os.close(load(1, b"evt_nothing"))
    traced = load(17, b"evt_traced")
    place = ctypes.create_string_buffer(b"sched_process_exit")
    os.close(bpf(17, struct.pack("<QI", ctypes.addressof(place), traced)))
    group = f"{control_groups()}/evtables-test-of-programs"
    os.mkdir(group)
    folder = os.open(group, os.O_RDONLY | os.O_DIRECTORY)
    packets = load(8, b"evt_packets")
    bpf(8, struct.pack("<IIII", folder, packets, 1, 2))  # as one of many at egress
    os.close(bpf(28, struct.pack("<IIII", packets, folder, 1, 0)))
    os.close(folder)
    os.rmdir(group)
    return {"pid": os.getpid()}


def control_groups():
    with open("/proc/self/mounts") as mounts:
        return next(line.split()[1] for line in mounts if line.split()[2] == "cgroup2")


def identities(d):
    child = os.fork()
    if child == 0:
        os.setresuid(0, 0, 0)  # as it was
        os.setgid(1234)
        os.setregid(1235, -1)
        os.setresgid(-1, 1236, -1)
        LIBC.setfsgid(1237)
        LIBC.setfsuid(1001)
        # Effective, permitted, inheritable, twice 32 bits: without the right to boot.
        header, sets = struct.pack("Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
        call("capget", header, sets)
        struct.pack_into("I", sets, 0, struct.unpack_from("I", sets, 0)[0] & ~(1 << 22))
        call("capset", header, sets)
        os.setresuid(-1, 1000, -1)
        os._exit(0)
    os.waitpid(child, 0)
    return {"pid": child}


def users(d):
    child = os.fork()
    if child == 0:
        os.setregid(1234, -1)
        os.setreuid(-1, 61234)
        os.setresuid(0, 0, 0)
        os.setuid(61235)
        os._exit(0)
    os.waitpid(child, 0)
    return {"pid": child}


def wishes(d):
    child = os.fork()
    if child == 0:
        call("prctl", 15, b"a name", 0, 0, 0)
        call("prctl", 38, 1, 0, 0, 0)
        os._exit(0)
    os.waitpid(child, 0)
    return {"pid": child}


def pipes(d):
    os.mkfifo(f"{d}/fifo")
    os.mknod(f"{d}/plain", 0o100600)
    server = socket.socket(socket.AF_UNIX)
    server.bind(f"{d}/socket")
    server.listen(1)
    socket.socket(socket.AF_UNIX).connect(f"{d}/socket")
    abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    abstract.bind("\0evtables test")
    return {"pid": os.getpid()}


def settings(d):
    path = "/proc/sys/kernel/printk_ratelimit"
    with open(path) as f:
        old = f.read().strip()
    for value in ("7", old):
        with open(path, "w") as f:
            f.write(value + "\n")
    return {"pid": os.getpid(), "old": old}


def web(d):
    """Two requests over each of two connections, and one connection that speaks something else."""
    ports = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as listener:
            listener.bind((host, 0))
            listener.listen()
            port = listener.getsockname()[1]
            ports.append(port)
            with socket.create_connection((host, port)) as client:
                server, _ = listener.accept()
                for request in (
                    b"GET /a?b=c HTTP/1.1\r\nHost: web.test\r\nUser-Agent: act/1.0\r\n\r\n",
                    b"POST /form HTTP/1.0\r\n\r\nGET /body HTTP/1.1",
                ):
                    client.sendall(request)
                    assert server.recv(4096) == request
                    server.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                    client.recv(4096)
                server.close()
            with socket.create_connection((host, port)) as client:
                server, _ = listener.accept()
                for said in (b"SSH-2.0-act\r\n", b"GET /late HTTP/1.1\r\n\r\n"):
                    client.sendall(said)
                    assert server.recv(4096) == said
                server.close()
    return {"pid": os.getpid(), "ports": ports}


def ring(d):
    """Requests through io_uring, one after the other; two of them are not told of."""
    libc = ctypes.CDLL(None, use_errno=True)
    parameters = ctypes.create_string_buffer(120)
    fd = libc.syscall(425, 4, parameters)
    assert fd >= 0, os.strerror(ctypes.get_errno())
    entries, answers = struct.unpack_from("II", parameters, 0)
    tail, mask, array = (struct.unpack_from("I", parameters, 40 + at)[0] for at in (4, 8, 24))
    done_head, done_tail, done_mask, cqes = (struct.unpack_from("I", parameters, 80 + at)[0] for at in (0, 4, 8, 20))
    queue = mmap.mmap(fd, array + entries * 4, mmap.MAP_SHARED, offset=0)
    done = mmap.mmap(fd, cqes + answers * 16, mmap.MAP_SHARED, offset=0x8000000)
    requests = mmap.mmap(fd, entries * 64, mmap.MAP_SHARED, offset=0x10000000)

    def submit(op, at, address, offset=0, size=0, flags=0):
        (last,) = struct.unpack_from("I", queue, tail)
        place = last & struct.unpack_from("I", queue, mask)[0]
        struct.pack_into("BBHiQQIIQ", requests, place * 64, op, 0, 0, at, offset, address, size, flags, 0)
        struct.pack_into("I", queue, array + place * 4, place)
        struct.pack_into("I", queue, tail, last + 1)
        assert libc.syscall(426, fd, 1, 1, 1, None, 0) == 1
        # What is not answered at once is done by a thread of the kernel.
        (taken,) = struct.unpack_from("I", done, done_head)
        while struct.unpack_from("I", done, done_tail)[0] == taken:
            libc.syscall(426, fd, 0, 1, 1, None, 0)
        struct.pack_into("I", done, done_head, taken + 1)
        place = taken & struct.unpack_from("I", done, done_mask)[0]
        return struct.unpack_from("i", done, cqes + place * 16 + 8)[0]

    texts = [ctypes.create_string_buffer(text) for text in (b"made", b"moved", b"folder")]
    made, moved, folder = map(ctypes.addressof, texts)
    here = -100
    assert submit(18, here, made, 0, 0o600, os.O_CREAT | os.O_RDWR) >= 0
    assert submit(0, 0, 0) == 0
    assert submit(35, here, made, moved, here & 0xFFFFFFFF) == 0
    assert submit(36, here, moved) == 0
    assert submit(37, here, folder, 0, 0o700) == 0
    refused = socket.socket()
    address = ctypes.create_string_buffer(struct.pack("=H", socket.AF_INET) + bytes((0, 9, 127, 0, 0, 57)) + bytes(8))
    assert submit(16, refused.fileno(), ctypes.addressof(address), 16) < 0
    buffer = ctypes.create_string_buffer(8)
    submit(22, 0, ctypes.addressof(buffer), 0, 8)
    return {"pid": os.getpid()}


def container(d):
    root = control_groups()
    group = f"{root}/docker-{'0123456789abcdef' * 4}.scope"
    os.mkdir(group)
    number = os.stat(group).st_ino
    os.mkdir(f"{root}/evtables-test-of-nobody")
    os.rmdir(f"{root}/evtables-test-of-nobody")
    child = os.fork()
    if child == 0:
        with open(f"{group}/cgroup.procs", "w") as f:
            f.write("0")
        os._exit(0)
    os.waitpid(child, 0)
    remove_when_empty(group)
    return {"pid": os.getpid(), "child": child, "number": number}


def remove_when_empty(group):
    while True:
        try:
            os.rmdir(group)
            break
        except OSError:  # busy until the child is all gone
            pass


def account(d):
    """A program that is started with ids of every kind, computes for a while, and ends."""
    group = f"{control_groups()}/evtables-test-of-ids"
    os.mkdir(group)
    number = os.stat(group).st_ino
    child = os.fork()
    if child == 0:
        with open(f"{group}/cgroup.procs", "w") as f:
            f.write("0")
        os.setsid()
        os.setresgid(2001, 2002, 2003)
        os.setresuid(3001, 3002, 3003)
        os.execv("/bin/sh", ["sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done # account"])
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    remove_when_empty(group)
    stat = os.stat(os.path.realpath("/bin/sh"))
    return {
        "pid": child,
        "group": number,
        "used_us": int((usage.ru_utime + usage.ru_stime) * 1e6),
        "owner": [stat.st_uid, stat.st_gid],
    }


if __name__ == "__main__":
    name, folder = sys.argv[1:3]
    os.chdir(folder)
    done = globals()[name](folder)
    print(json.dumps(done), flush=True)
