# SPDX-License-Identifier: Apache-2.0
"""What the scenarios of the kernel lane do: act.py NAME FOLDER. Each writes one line of JSON: what it did."""
import json
import os
import sys


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


if __name__ == "__main__":
    name, folder = sys.argv[1:3]
    os.chdir(folder)
    done = globals()[name](folder)
    print(json.dumps(done), flush=True)
