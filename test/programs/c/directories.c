// Directories: make, list, nest, walk, remove; and the errors of each.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *outcome(int result) {
    if (result == 0)
        return "OK";
    switch (errno) {
    case ENOENT: return "ENOENT";
    case EEXIST: return "EEXIST";
    case ENOTEMPTY: return "ENOTEMPTY";
    case ENOTDIR: return "ENOTDIR";
    case EISDIR: return "EISDIR";
    case EPERM: return "EPERM";
    default: return "another error";
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void touch(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    if (f == NULL) {
        printf("touch %s: %s\n", path, outcome(-1));
        return;
    }
    fputs(text, f);
    fclose(f);
}

// Lists path and what is below it, sorted, since the order of readdir is the
// file system's own.
static void walk(const char *path, int depth) {
    DIR *dir = opendir(path);
    if (dir == NULL) {
        printf("opendir %s: %s\n", path, outcome(-1));
        return;
    }
    char *names[256];
    int n = 0, dots = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            dots++;
        else if (n < 256)
            names[n++] = strdup(entry->d_name);
    }
    closedir(dir);
    qsort(names, (size_t)n, sizeof *names, by_text);
    for (int i = 0; i < n; i++) {
        char child[512];
        snprintf(child, sizeof child, "%s/%s", path, names[i]);
        struct stat st;
        if (lstat(child, &st) != 0) {
            printf("lstat %s: %s\n", child, outcome(-1));
            continue;
        }
        printf("%*s%s%s", depth * 2, "", names[i], S_ISDIR(st.st_mode) ? "/" : "");
        if (S_ISREG(st.st_mode))
            printf(" %lld bytes", (long long)st.st_size);
        if (S_ISLNK(st.st_mode)) {
            char target[64] = {0};
            ssize_t length = readlink(child, target, sizeof target - 1);
            printf(" -> %s (%zd)", target, length);
        }
        printf("\n");
        if (S_ISDIR(st.st_mode))
            walk(child, depth + 1);
        free(names[i]);
    }
    if (depth == 0)
        printf("%d entries, %d dots\n", n, dots);
}

static void counts(void) {
    printf("mkdir many: %s\n", outcome(mkdir("many", 0755)));
    char path[64];
    for (int i = 0; i < 150; i++) {
        snprintf(path, sizeof path, "many/an-entry-with-a-fairly-long-name-%03d", i);
        touch(path, "");
    }
    DIR *dir = opendir("many");
    int seen = 0;
    unsigned hash = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        seen++;
        unsigned h = 5381;
        for (const char *p = entry->d_name; *p != '\0'; p++)
            h = h * 33 + (unsigned char)*p;
        hash += h; // independent of the order
    }
    rewinddir(dir);
    int again = 0;
    while ((entry = readdir(dir)) != NULL)
        again += entry->d_name[0] != '.';
    closedir(dir);
    printf("150 files, %d seen, hash %08x, %d after rewinding\n", seen, hash, again);
    for (int i = 0; i < 150; i++) {
        snprintf(path, sizeof path, "many/an-entry-with-a-fairly-long-name-%03d", i);
        if (unlink(path) != 0)
            printf("unlink %s: %s\n", path, outcome(-1));
    }
    printf("rmdir many: %s\n", outcome(rmdir("many")));
}

int main(void) {
    printf("mkdir a: %s\n", outcome(mkdir("a", 0755)));
    printf("mkdir a again: %s\n", outcome(mkdir("a", 0755)));
    printf("mkdir a/b: %s\n", outcome(mkdir("a/b", 0755)));
    printf("mkdir x/y: %s\n", outcome(mkdir("x/y", 0755)));
    touch("a/one.txt", "1");
    touch("a/b/two.txt", "22");
    touch("three.txt", "333");
    printf("symlink: %s\n", outcome(symlink("one.txt", "a/link")));
    walk(".", 0);

    struct stat st;
    printf("stat through link: %s", outcome(stat("a/link", &st)));
    printf(", %lld bytes\n", (long long)st.st_size);
    printf("hard link: %s\n", outcome(link("three.txt", "a/b/hard.txt")));
    printf("rmdir a: %s\n", outcome(rmdir("a")));
    printf("rmdir three.txt: %s\n", outcome(rmdir("three.txt")));
    printf("mkdir below a file: %s\n", outcome(mkdir("three.txt/z", 0755)));
    printf("rename a to c: %s\n", outcome(rename("a", "c")));
    printf("path with dots: %s\n", outcome(stat("c/b/../b/./two.txt", &st)));
    walk(".", 0);

    const char *files[] = {"c/b/two.txt", "c/b/hard.txt", "c/one.txt", "c/link", "three.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        printf("unlink %s: %s\n", files[i], outcome(unlink(files[i])));
    printf("rmdir c/b: %s\n", outcome(rmdir("c/b")));
    printf("rmdir c: %s\n", outcome(rmdir("c")));
    counts();
    walk(".", 0);
    return 0;
}
