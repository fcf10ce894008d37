"""Misuses of file descriptors by C code, and some that Python code requests."""

import io
import os
import socket
import subprocess


def tried(call, *args, **options):
    try:
        return call(*args, **options)
    except OSError:
        pass


def opened():
    return os.open("/dev/null", os.O_RDWR)


# Numbers that Python code names.
fd = opened()
os.close(fd)
tried(os.close, fd)
fd = opened()
os.close(fd)
tried(os.read, fd, 1)
fd = opened()
os.close(fd)
tried(os.fsync, fd)
tried(os.read, -1, 1)
# Valgrind does not see every descriptor being opened.
master, slave = os.openpty()
os.write(slave, b"x")
os.close(slave)
os.close(master)
# A range may include closed numbers, which the child's report lists.
*unused, last = [opened() for _ in range(9)]
for fd in unused:
    os.close(fd)
subprocess.run(["/bin/true"], pass_fds=[last])
# A file object that is closed behind its back, and used and closed again by C code.
file = io.FileIO("/dev/null")
os.close(file.fileno())
tried(file.read)
tried(file.close)
sock = socket.socket()
os.close(sock.fileno())
tried(sock.send, b"x")
tried(sock.close)
# Numbers that other C code is given.
tried(socket.close, -1)
fd = opened()
os.close(fd)
tried(io.FileIO, fd)
