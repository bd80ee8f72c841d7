// Arguments, environment, standard input and the exit code: everything a
// command gets from outside and gives back.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv) {
    // argv[0] is the module's or the executable's path, so only its presence counts.
    printf("argc=%d argv[0]=%s\n", argc, argv[0][0] != '\0' ? "set" : "empty");
    for (int i = 1; i < argc; i++)
        printf("argv[%d]=<%s> length %zu\n", i, argv[i], strlen(argv[i]));
    printf("argv[argc] is %s\n", argv[argc] == NULL ? "null" : "not null");

    size_t n = 0;
    while (environ[n] != NULL)
        n++;
    qsort(environ, n, sizeof *environ, by_text);
    for (size_t i = 0; i < n; i++)
        printf("env %s\n", environ[i]);
    const char *missing = getenv("NO_SUCH_VARIABLE");
    printf("missing variable is %s\n", missing == NULL ? "null" : missing);

    char line[64];
    int number = 0;
    size_t bytes = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        bytes += strlen(line);
        line[strcspn(line, "\n")] = '\0';
        printf("%d: [%s]\n", ++number, line);
    }
    printf("%zu bytes, eof=%d, error=%d\n", bytes, feof(stdin) != 0, ferror(stdin) != 0);
    fprintf(stderr, "this goes to standard error\n");
    return argc > 1 ? atoi(argv[1]) : 0;
}
