/* Plays an interpreter that is recorded. Each command does one kind of thing that tests do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_INLINED __attribute__((noinline, used))

extern void cpython_memcheck_begin_footprint(const char *path) __attribute__((weak));
extern void cpython_memcheck_end_footprint(void) __attribute__((weak));

static volatile int count;

NOT_INLINED void at_start(void)
{
    count++;
}
NOT_INLINED void in_both(void)
{
    count++;
}
NOT_INLINED void in_test(void)
{
    count++;
}
NOT_INLINED void after_test(void)
{
    count++;
}
NOT_INLINED void never(void)
{
    count++;
}
NOT_INLINED void in_child(void)
{
    count++;
}
NOT_INLINED void in_vfork(void)
{
    count++;
}
NOT_INLINED void while_blocked(void)
{
    count++;
}
NOT_INLINED void in_started(void)
{
    count++;
}
NOT_INLINED static void in_handler(int number)
{
    count += number;
}
NOT_INLINED static void *in_thread(void *argument)
{
    in_child();
    return argument;
}

static void run(const char *program, char *const env[])
{
    char *args[] = {(char *)program, "started", NULL};
    pid_t child = vfork();
    if (child == 0) {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, NULL);
        in_vfork();
        execve(program, args, env);
        _exit(9);
    }
    int status;
    waitpid(child, &status, 0);
    printf("%d\n", status);
}

static void *open_to_write(void *path)
{
    static int file;
    file = open(path, O_WRONLY);
    return &file;
}

/* Starts a program with the path of a pipe, which another thread opens for writing, so it waits for a reader. */
static void start_with_pipe(char *path)
{
    char *args[] = {"/bin/true", path, NULL}, *empty[] = {NULL};
    pthread_t writer;
    pid_t child;
    pthread_create(&writer, NULL, open_to_write, path);
    usleep(200000);
    posix_spawn(&child, args[0], NULL, NULL, args, empty);
    waitpid(child, &(int){0}, 0);
    usleep(200000);
    printf("%s\n", pthread_tryjoin_np(writer, NULL) == 0 ? "opened" : "waiting");
}

static void block(void)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    while_blocked();
    pthread_sigmask(SIG_SETMASK, NULL, &old);
    printf("%d\n", sigismember(&old, SIGTRAP));
    pthread_sigmask(SIG_UNBLOCK, &all, &old);
    printf("%d\n", sigismember(&old, SIGTRAP));
    pthread_sigmask(SIG_SETMASK, NULL, &old);
    printf("%d\n", sigismember(&old, SIGTRAP));
}

static void handle(void)
{
    struct sigaction action = {.sa_handler = in_handler}, old;
    sigaction(SIGTRAP, &action, &old);
    printf("%d\n", old.sa_handler == SIG_DFL);
    raise(SIGTRAP);
    in_test();
    sigaction(SIGTRAP, NULL, &old);
    printf("%d\n", old.sa_handler == in_handler);
}

static void many_threads(void)
{
    pthread_t threads[40];
    for (int i = 0; i < 40; i++) {
        pthread_create(&threads[i], NULL, in_thread, NULL);
    }
    for (int i = 0; i < 40; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void test(const char *what, char *argument, char *program)
{
    char *empty[] = {NULL}, *own[] = {"LD_PRELOAD=/nowhere.so", "OTHER=1", NULL};
    int status;
    if (strcmp(what, "plain") == 0) {
        in_test();
    }
    else if (strcmp(what, "fork") == 0) {
        if (fork() == 0) {
            in_child();
            _exit(0);
        }
        wait(&status);
    }
    else if (strcmp(what, "start") == 0) {
        run(program, empty);
        run(program, own);
    }
    else if (strcmp(what, "other-user") == 0) {
        if (fork() == 0) {
            _exit(setgid(65534) != 0 || setuid(65534) != 0 || execve(program, (char *[]){program, "started", NULL}, empty) != 0);
        }
        wait(&status);
    }
    else if (strcmp(what, "spawn") == 0) {
        char *args[] = {program, "started", NULL};
        pid_t child;
        posix_spawn(&child, program, NULL, NULL, args, empty);
        waitpid(child, &status, 0);
    }
    else if (strcmp(what, "shell") == 0) {
        system(argument);
    }
    else if (strcmp(what, "other") == 0) {
        run(argument, empty);
    }
    else if (strcmp(what, "pipe") == 0) {
        start_with_pipe(argument);
    }
    else if (strcmp(what, "load") == 0) {
        void *library = dlopen(argument, RTLD_NOW);
        ((void (*)(void))dlsym(library, "in_library"))();
    }
    else if (strcmp(what, "open") == 0) {
        close(open(argument, O_RDONLY));
        fclose(fopen(argument, "r"));
    }
    else if (strcmp(what, "block") == 0) {
        block();
    }
    else if (strcmp(what, "handle") == 0) {
        handle();
    }
    else if (strcmp(what, "threads") == 0) {
        many_threads();
    }
    else if (strcmp(what, "crash") == 0) {
        in_test();
        abort();
    }
    else if (strcmp(what, "trap") == 0) {
        raise(SIGTRAP);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc == 2 && strcmp(argv[1], "started") == 0) {
        in_started();
        printf(
            "%s %s %s\n", getenv("LD_PRELOAD") == NULL ? "-" : getenv("LD_PRELOAD"), getenv("OTHER") == NULL ? "-" : getenv("OTHER"),
            getenv("CPYTHON_MEMCHECK_FOOTPRINT") == NULL ? "-" : "seen"
        );
        return 0;
    }
    at_start();
    in_both();
    if (cpython_memcheck_begin_footprint != NULL && fork() == 0) {
        cpython_memcheck_begin_footprint(argv[1]);
        test(argv[2], argc > 3 ? argv[3] : NULL, argv[0]);
        in_both();
        cpython_memcheck_end_footprint();
        after_test();
        return 0;
    }
    int status;
    wait(&status);
    printf("child %d\n", status);
    return 0;
}
