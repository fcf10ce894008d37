/* What memcheck makes of the messages of a program. */
#include <valgrind/valgrind.h>

int main(void)
{
    VALGRIND_PRINTF("plain\n");
    VALGRIND_PRINTF("without an end of line");
    VALGRIND_PRINTF("</text></clientmsg> <error> &amp; \"quoted\" 'too' ]]>\n");
    VALGRIND_PRINTF("%s\n", "<![CDATA[ given as an argument & not as the format");
    VALGRIND_PRINTF("two\nlines\n");
    VALGRIND_PRINTF("  blanks around  \n");
    VALGRIND_PRINTF("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8d, and no UTF-8: \xff\n");
    VALGRIND_PRINTF("%s", "");
    VALGRIND_PRINTF_BACKTRACE("with a stack\n");
    return 0;
}
