/* ---- The report, in the leak sanitizer's format. ---- */

static void
print_stack(FILE *to, uint32_t stack, const char *self)
{
    const uintptr_t *words = &table->stack_words[stack];
    for (uint32_t i = 0; stack != 0 && i < words[0]; i++) {
        struct frame_place place = place_of_frame(words[1 + i], self);
        if (place.object == NULL) {
            fprintf(to, "    #%u 0x%zx\n", i, (size_t)words[1 + i]);
        }
        else {
            fprintf(to, "    #%u 0x%zx  (%s+0x%zx)\n", i, (size_t)words[1 + i], place.object, place.offset);
        }
    }
}

static size_t
end_of_record(size_t start)
{
    size_t end = start;
    while (end < lost_count && lost[end].stack == lost[start].stack && lost[end].is_owned == lost[start].is_owned) {
        end++;
    }
    return end;
}

static void
print_record(FILE *to, size_t start, size_t end, const char *self)
{
    size_t bytes = 0;
    for (size_t i = start; i < end; i++) {
        bytes += lost[i].size;
    }
    fprintf(
        to, "%s leak of %zu byte(s) in %zu object(s) allocated from:\n", lost[start].is_owned ? "Indirect" : "Direct", bytes, end - start
    );
    print_stack(to, lost[start].stack, self);
    for (size_t i = start; i < end; i++) {
        fprintf(to, "0x%zx (%zu bytes)\n", (size_t)lost[i].block, lost[i].size);
    }
}

/* Appends the result of the last check to the file. */
void
cpython_memcheck_write_lost(int file)
{
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[length < 0 ? 0 : length] = '\0';
    FILE *to = fdopen(dup(file), "a");
    for (size_t start = 0, end; to != NULL && start < lost_count; start = end) {
        end = end_of_record(start);
        print_record(to, start, end, self);
    }
    if (to != NULL) {
        fclose(to);
    }
    forget_lost();
}
