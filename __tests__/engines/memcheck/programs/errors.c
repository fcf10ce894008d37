/* One error of each common kind, in this order. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct node {
    struct node *next;
    char payload[24];
};

static char read_freed(char *block)
{
    free(block);
    return block[1];
}

static void free_twice(char *block)
{
    free(block);
    free(block);
}

static void branch_on_garbage(void)
{
    int *block = malloc(sizeof *block);
    if (*block)
        puts("garbage");
    free(block);
}

static void write_garbage(void)
{
    char local[4];
    int file = open("/dev/null", O_WRONLY);
    write(file, local, sizeof local);
    close(file);
}

static void copy_onto_itself(void)
{
    char local[32] = "overlapping";
    strcpy(local, local + 1);
}

static void free_wild(void)
{
    free((void *)0x10203040);
}

static void lose_list(void)
{
    struct node *first = calloc(1, sizeof *first);
    first->next = calloc(1, sizeof *first);
}

int main(void)
{
    read_freed(malloc(2));
    free_twice(malloc(3));
    branch_on_garbage();
    write_garbage();
    copy_onto_itself();
    free_wild();
    lose_list();
    return 0;
}
