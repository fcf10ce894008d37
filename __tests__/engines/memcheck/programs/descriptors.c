/* Each misuse of a file descriptor that `--track-fds=bad` reports, in this order, and two things that it does not report. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void close_twice(void)
{
    int file = open("/dev/null", O_RDONLY);
    close(file);
    close(file);
}

static void read_closed(void)
{
    char byte;
    int file = open("/dev/zero", O_RDONLY);
    close(file);
    read(file, &byte, 1);
}

static void write_closed_socket(void)
{
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    close(pair[1]);
    close(pair[0]);
    write(pair[1], "x", 1);
}

static void close_inherited_twice(void)
{
    close(0);
    close(0);
}

static void read_unopened(void)
{
    char byte;
    read(78, &byte, 1);
}

static void read_negative(void)
{
    char byte;
    read(-1, &byte, 1);
}

static void close_negative(void)
{
    close(-1);
}

/* Valgrind is silent about these. */
static void close_unopened(void)
{
    close(77);
}

static void leave_open(void)
{
    open("/dev/null", O_RDONLY);
}

int main(void)
{
    close_twice();
    read_closed();
    write_closed_socket();
    close_inherited_twice();
    read_unopened();
    read_negative();
    close_negative();
    close_unopened();
    leave_open();
    return 0;
}
