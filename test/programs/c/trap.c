// Output that was written and flushed before a trap is not lost.
#include <stdio.h>

int main(void) {
    printf("before\n");
    fflush(stdout);
    __builtin_trap();
}
