// Files through stdio and through descriptors: create, write, seek, overwrite,
// append, truncate, rename, stat, remove.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The numbers of the errors differ between C libraries and their texts do too.
static const char *error_name(int code) {
    switch (code) {
    case 0: return "OK";
    case ENOENT: return "ENOENT";
    case EEXIST: return "EEXIST";
    case EISDIR: return "EISDIR";
    case EBADF: return "EBADF";
    case EINVAL: return "EINVAL";
    case ENOTDIR: return "ENOTDIR";
    default: return "another error";
    }
}

static void show(const char *path) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        printf("%s: %s\n", path, error_name(errno));
        return;
    }
    char buffer[256];
    size_t n = fread(buffer, 1, sizeof buffer, f);
    printf("%s: %zu bytes:", path, n);
    for (size_t i = 0; i < n; i++)
        printf(buffer[i] >= ' ' && buffer[i] < 127 ? " %c" : " %02x", (unsigned char)buffer[i]);
    printf("\n");
    fclose(f);
}

static void stdio(void) {
    FILE *f = fopen("data.bin", "wb+");
    if (f == NULL) {
        printf("cannot create: %s\n", error_name(errno));
        exit(2);
    }
    printf("wrote %zu\n", fwrite("0123456789", 1, 10, f));
    printf("seek %d\n", fseek(f, 4, SEEK_SET));
    printf("wrote %zu", fwrite("ab", 1, 2, f));
    printf(", now at %ld\n", ftell(f));
    printf("seek %d", fseek(f, -3, SEEK_END));
    printf(", now at %ld\n", ftell(f));
    printf("read %c", fgetc(f));
    printf(", pushed back %c", ungetc('z', f));
    printf(", read again %c\n", fgetc(f));
    printf("seek past the end %d\n", fseek(f, 6, SEEK_END));
    fputc('!', f);
    rewind(f);
    printf("length by reading: ");
    int length = 0;
    while (fgetc(f) != EOF)
        length++;
    printf("%d, eof %d\n", length, feof(f) != 0);
    printf("seek before the start: %s\n", fseek(f, -1, SEEK_SET) == 0 ? "OK" : error_name(errno));
    fclose(f);
    show("data.bin");

    f = fopen("data.bin", "ab");
    fprintf(f, "<%05d|%-6s|%+.3f>", 42, "left", 3.14159);
    fclose(f);
    show("data.bin");

    f = fopen("data.bin", "rb");
    printf("writing a read-only stream gives %d\n", fputc('x', f) == EOF ? -1 : 0);
    printf("error flag %d\n", ferror(f) != 0);
    fclose(f);
}

static void descriptors(void) {
    int fd = open("direct.txt", O_CREAT | O_EXCL | O_RDWR, 0644);
    printf("open exclusively: %s\n", fd >= 0 ? "OK" : error_name(errno));
    int again = open("direct.txt", O_CREAT | O_EXCL | O_RDWR, 0644);
    printf("a second time: %s\n", again >= 0 ? "OK" : error_name(errno));
    printf("write %zd\n", write(fd, "the quick brown fox", 19));
    char word[6] = {0};
    printf("pread %zd", pread(fd, word, 5, 10));
    printf(" <%s>, offset still %lld\n", word, (long long)lseek(fd, 0, SEEK_CUR));
    printf("pwrite %zd\n", pwrite(fd, "QUICK", 5, 4));
    printf("truncate %d\n", ftruncate(fd, 9));
    struct stat st;
    printf("fstat %d", fstat(fd, &st));
    printf(" size %lld regular %d\n", (long long)st.st_size, S_ISREG(st.st_mode));
    printf("extend %d\n", ftruncate(fd, 12));
    printf("close %d\n", close(fd));
    printf("write after close: %s\n", write(fd, "x", 1) >= 0 ? "OK" : error_name(errno));
    show("direct.txt");
}

static void names(void) {
    struct stat st;
    printf("rename %d\n", rename("direct.txt", "renamed.txt"));
    printf("old name: %s\n", stat("direct.txt", &st) == 0 ? "there" : error_name(errno));
    printf("new name: %s\n", stat("renamed.txt", &st) == 0 ? "there" : error_name(errno));
    printf("rename over another: %d\n", rename("renamed.txt", "data.bin"));
    show("data.bin");
    printf("open below a file: %s\n", fopen("data.bin/x", "r") != NULL ? "OK" : error_name(errno));
    printf("remove %d\n", remove("data.bin"));
    printf("remove again: %s\n", remove("data.bin") == 0 ? "OK" : error_name(errno));
    show("data.bin");
}

// More than any buffer of the C library or of the runtime holds.
static void large(void) {
    enum { RECORDS = 200000 };
    FILE *f = fopen("large.bin", "wb+");
    unsigned x = 1;
    for (int i = 0; i < RECORDS; i++) {
        x = x * 1664525u + 1013904223u;
        fwrite(&x, sizeof x, 1, f);
    }
    printf("large file is %ld bytes\n", ftell(f));
    unsigned long long sum = 0;
    for (int i = RECORDS - 1; i >= 0; i -= 997) {
        unsigned value;
        fseek(f, (long)i * (long)sizeof value, SEEK_SET);
        if (fread(&value, sizeof value, 1, f) != 1)
            printf("short read at %d\n", i);
        sum = sum * 31 + value;
    }
    printf("sum %llu\n", sum);
    fclose(f);
    remove("large.bin");
}

int main(void) {
    stdio();
    descriptors();
    names();
    large();
    return 0;
}
